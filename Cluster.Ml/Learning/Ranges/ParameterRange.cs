using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning.Ranges;

/// <summary>One of the ranges that a model's numbers are cut into, so that several servers keep them.</summary>
/// <remarks>
/// Shapes  the ranges of one cut, one after another, are the whole state, all of the optimizer state, and the first
///         <see cref="IRangedLearner.RangedLength"/> numbers of a contribution
/// </remarks>
/// <param name="Index">Which, from 0.</param>
/// <param name="Count">How many there are.</param>
/// <param name="State">Its numbers of the state.</param>
/// <param name="Sum">Its numbers of a contribution.</param>
/// <param name="OptimizerState">Its numbers of the optimizer state: one slice for each vector that the learner keeps, in the order of the optimizer state.</param>
public sealed record ParameterRange(int Index, int Count, Slice State, Slice Sum, IReadOnlyList<Slice> OptimizerState)
{
    /// <summary>Numbers of optimizer state that the range has.</summary>
    public int OptimizerStateLength { get; } = OptimizerState.Sum(slice => slice.Length);

    /// <summary>Numbers that its server keeps: of the state, then of the optimizer state.</summary>
    public int KeptLength => State.Length + OptimizerStateLength;

    /// <summary>Copies what the range's server keeps out of the whole.</summary>
    /// <param name="state">The whole state.</param>
    /// <param name="optimizerState">The whole optimizer state.</param>
    /// <param name="kept">[KeptLength], overwritten.</param>
    public void CopyOut(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer kept)
    {
        state.Floats.Slice(State.Start, State.Length).CopyTo(kept.Floats);
        int place = State.Length;
        foreach (Slice slice in OptimizerState)
        {
            optimizerState.Floats.Slice(slice.Start, slice.Length).CopyTo(kept.Floats[place..]);
            place += slice.Length;
        }
    }

    /// <summary>Copies what the range's server kept into the whole.</summary>
    /// <param name="kept">[KeptLength].</param>
    /// <param name="state">The whole state, of which the range is overwritten.</param>
    /// <param name="optimizerState">The whole optimizer state, of which the range is overwritten.</param>
    public void CopyIn(ReadOnlySpan<float> kept, NumericBuffer state, NumericBuffer optimizerState)
    {
        kept[..State.Length].CopyTo(state.Floats[State.Start..]);
        int place = State.Length;
        foreach (Slice slice in OptimizerState)
        {
            kept.Slice(place, slice.Length).CopyTo(optimizerState.Floats[slice.Start..]);
            place += slice.Length;
        }
    }
}
