using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>What an update reads and writes: of the whole model, or of one range of it.</summary>
/// <param name="Before">The state, read only; if it is <paramref name="After"/> too, it is changed in place.</param>
/// <param name="After">As long as the state before, overwritten by the new state.</param>
/// <param name="OptimizerState">What only the parameter server keeps, changed.</param>
/// <param name="Sum">The combined contribution, read only; if there is a rest, the left half of the tree, to which the rest is added.</param>
public readonly record struct UpdateBuffers(NumericBuffer Before, NumericBuffer After, NumericBuffer OptimizerState, NumericBuffer Sum)
{
    /// <summary>The right half of the tree, if it is not yet combined with the left one, so that this can be done piece by piece, too.</summary>
    public NumericBuffer? Rest { get; init; }

    /// <summary>Adds some numbers of the rest if there is one, to those of the sum.</summary>
    internal void AddRest(int start, int length)
    {
        if (Rest is { } rest) Reductions.Add(rest.Floats.Slice(start, length), Sum.Floats.Slice(start, length));
    }

    /// <summary>Nothing changes: the state is as it was before.</summary>
    public void Keep()
    {
        if (Before != After) After.CopyFrom(Before);
    }
}
