namespace Cluster.Ml.Data;

/// <summary>Rows as a file holds them, before they are split and scaled.</summary>
/// <remarks>Shapes  features [Rows, FeatureNames] row-major, in Values or in Bytes; targets [Rows] or empty</remarks>
internal sealed class RawRows
{
    public required string File { get; init; }

    public required IReadOnlyList<string> FeatureNames { get; init; }

    public required int Rows { get; init; }

    /// <summary>Features as numbers; null where they are bytes.</summary>
    public double[]? Values { get; init; }

    /// <summary>Features as bytes; null where they are numbers.</summary>
    public byte[]? Bytes { get; init; }

    public required double[] Targets { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public ImageShape? Image { get; init; }

    /// <summary>The first row that the source itself sets aside for testing; Rows where there is none.</summary>
    public required int OwnTestStart { get; init; }

    public int Columns => FeatureNames.Count;
}
