namespace Cluster.Ml.Jobs;

/// <summary>How features are scaled; fitted on training rows alone, or by bounds that are given.</summary>
public enum ScaleKind
{
    /// <summary>As they are.</summary>
    None,

    /// <summary>To mean 0 and standard deviation 1.</summary>
    Standard,

    /// <summary>To [0, 1].</summary>
    MinMax,

    /// <summary>Bytes divided by 255.</summary>
    Unit255,
}
