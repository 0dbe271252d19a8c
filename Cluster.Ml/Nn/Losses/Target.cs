using Cluster.Ml.Data;

namespace Cluster.Ml.Nn.Losses;

/// <summary>What the outputs of one row are to become.</summary>
/// <param name="value">The class index or the value.</param>
/// <param name="row">[features] the row as it is in the table: what an autoencoder gives back, what a language model foretells.</param>
internal readonly ref struct Target(double value, ReadOnlySpan<float> row)
{
    /// <summary>The class index or the value.</summary>
    public double Value { get; } = value;

    /// <summary>The row as it is in the table, [features].</summary>
    public ReadOnlySpan<float> Row { get; } = row;

    /// <summary>The target of a row of a table; a table without targets gives the value 0.</summary>
    public static Target Of(RowTable table, int row) => new(table.Targets.Length == 0 ? 0 : table.Targets[row], table.FloatsOf(row));

    /// <summary>A target that is a class or a value.</summary>
    public static implicit operator Target(double value) => new(value, default);
}
