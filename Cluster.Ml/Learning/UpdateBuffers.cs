using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>What an update reads and writes: of the whole model, or of one range of it.</summary>
/// <param name="Before">The state, read only; where it is <paramref name="After"/> too, it is changed in place.</param>
/// <param name="After">As long as the state before, overwritten by the new state.</param>
/// <param name="Memory">What only the parameter server keeps, changed.</param>
/// <param name="Sum">The combined contribution, read only.</param>
public readonly record struct UpdateBuffers(NumericBuffer Before, NumericBuffer After, NumericBuffer Memory, NumericBuffer Sum)
{
    /// <summary>Nothing changes: the state is as it was before.</summary>
    public void Keep()
    {
        if (Before != After) After.CopyFrom(Before);
    }
}
