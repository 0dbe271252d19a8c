using Cluster.Ml.Data;

namespace Cluster.Ml.Nn.Losses;

/// <summary>What the outputs of one row are to become.</summary>
internal readonly ref struct Target
{
    private readonly RowTable? _table;
    private readonly int _place;
    private readonly ReadOnlySpan<float> _row;

    /// <param name="value">The class index or the value.</param>
    /// <param name="row">[features] the row as it is in the table: what an autoencoder gives back, what a language model predicts.</param>
    public Target(double value, ReadOnlySpan<float> row)
    {
        Value = value;
        _row = row;
    }

    private Target(RowTable table, int place) => (Value, _table, _place) = (table.Targets.Length == 0 ? 0 : table.Targets[place], table, place);

    /// <summary>The class index or the value.</summary>
    public double Value { get; }

    /// <summary>A value near those of the table, the same for all its rows.</summary>
    public double Centre => _table is { Targets.Length: > 0 } table ? table.Targets[0] : 0;

    /// <summary>Whether there is a class or a value: rows of another domain have none.</summary>
    public bool IsKnown => !double.IsNaN(Value);

    /// <summary>The row as it is in the table, [features]; looked for only when it is asked for.</summary>
    public ReadOnlySpan<float> Row => _table is null ? _row : _table.FloatsOf(_place);

    /// <summary>The target of a row of a table; a table without targets gives the value 0.</summary>
    public static Target Of(RowTable table, int row) => new(table, row);

    /// <summary>A target that is a class or a value.</summary>
    public static implicit operator Target(double value) => new(value, default);
}
