using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning.Ranges;

/// <summary>One of the ranges that a model's numbers are cut into, so that several servers keep them.</summary>
/// <remarks>
/// Shapes  the ranges of one cut, one after another, are the whole state, all of the memory, and the first
///         <see cref="IRangedLearner.RangedLength"/> numbers of a contribution
/// </remarks>
/// <param name="Index">Which, from 0.</param>
/// <param name="Count">How many there are.</param>
/// <param name="State">Its numbers of the state.</param>
/// <param name="Sum">Its numbers of a contribution.</param>
/// <param name="Memory">Its numbers of the memory: one stretch for each vector that the learner keeps, in the order of the memory.</param>
public sealed record ParameterRange(int Index, int Count, Stretch State, Stretch Sum, IReadOnlyList<Stretch> Memory)
{
    /// <summary>Numbers of memory that the range has.</summary>
    public int MemoryLength { get; } = Memory.Sum(stretch => stretch.Length);

    /// <summary>Numbers that its server keeps: of the state, then of the memory.</summary>
    public int KeptLength => State.Length + MemoryLength;

    /// <summary>Copies what the range's server keeps out of the whole.</summary>
    /// <param name="state">The whole state.</param>
    /// <param name="memory">The whole memory.</param>
    /// <param name="kept">[KeptLength], overwritten.</param>
    public void CopyOut(NumericBuffer state, NumericBuffer memory, NumericBuffer kept)
    {
        state.Floats.Slice(State.Start, State.Length).CopyTo(kept.Floats);
        int place = State.Length;
        foreach (Stretch stretch in Memory)
        {
            memory.Floats.Slice(stretch.Start, stretch.Length).CopyTo(kept.Floats[place..]);
            place += stretch.Length;
        }
    }

    /// <summary>Copies what the range's server kept into the whole.</summary>
    /// <param name="kept">[KeptLength].</param>
    /// <param name="state">The whole state, of which the range is overwritten.</param>
    /// <param name="memory">The whole memory, of which the range is overwritten.</param>
    public void CopyIn(ReadOnlySpan<float> kept, NumericBuffer state, NumericBuffer memory)
    {
        kept[..State.Length].CopyTo(state.Floats[State.Start..]);
        int place = State.Length;
        foreach (Stretch stretch in Memory)
        {
            kept.Slice(place, stretch.Length).CopyTo(memory.Floats[stretch.Start..]);
            place += stretch.Length;
        }
    }
}
