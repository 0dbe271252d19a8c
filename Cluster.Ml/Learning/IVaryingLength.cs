using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>A learner whose contributions have no fixed length: what follows the numbers that are used is neither sent nor read.</summary>
public interface IVaryingLength
{
    /// <summary>The fewest numbers of a contribution.</summary>
    int LeastLength { get; }

    /// <summary>How many numbers at the start of a contribution are used.</summary>
    int UsedLength(NumericBuffer contribution);

    /// <summary>Whether a contribution of which so many numbers came from another process is one: can be combined, and used.</summary>
    bool IsSound(NumericBuffer contribution, int length);
}
