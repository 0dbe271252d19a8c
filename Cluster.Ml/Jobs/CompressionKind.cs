namespace Cluster.Ml.Jobs;

/// <summary>In how few bits the numbers of a contribution are sent.</summary>
public enum CompressionKind
{
    /// <summary>Half precision behind a scale for each block; rounded to the nearest.</summary>
    Float16,

    /// <summary>Eight bits behind a scale for each block; rounded at random, so that the mean is right.</summary>
    Int8,
}
