namespace Cluster.Ml.Data;

/// <summary>How wide a row may be: each column has a name, and a small packed file may state any number of them.</summary>
internal static class FeatureLimits
{
    /// <summary>The most columns of a table, or numbers of an image.</summary>
    public const int ColumnsMax = 1 << 20;
}
