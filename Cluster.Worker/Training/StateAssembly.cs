using Cluster.Messages;
using Cluster.Messages.Wire;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;
using Cluster.Worker.Data;

namespace Cluster.Worker.Training;

/// <summary>Puts a published state together, from one publisher or from the servers of its ranges, each in blocks of its own.</summary>
/// <remarks>Cost  a state of one publisher of this process is not copied; ranges are copied once, side by side</remarks>
internal sealed class StateAssembly(JobDataSet set)
{
    private BlockAssembly[] _parts = [new()];
    private IActorRef[] _publishers = [ActorRefs.Nobody];
    private int _missing = 1;

    /// <summary>The ranges of the state that is being put together; none if it is published as a whole.</summary>
    public IReadOnlyList<ParameterRange> Ranges { get; private set; } = [];

    /// <summary>Whether the state is whole.</summary>
    public bool IsComplete => _missing == 0;

    /// <summary>Who published a range, and gets its part of the sums.</summary>
    public IActorRef PublisherOf(int range) => _publishers[range];

    /// <summary>Forgets what has come and waits for a state in so many ranges. Returns why there is no such state, or null.</summary>
    public string? Begin(int ranges)
    {
        if (ranges == 1) Ranges = [];
        else if (set.RangesOf(ranges) is { } cut) Ranges = cut;
        else return $"state: wanted one that can be kept by {ranges} servers, got one of {set.Learner.StateLength} numbers; run the same version of the program on every node";
        if (_parts.Length != ranges)
        {
            _parts = [.. Enumerable.Range(0, ranges).Select(_ => new BlockAssembly())];
            _publishers = new IActorRef[ranges];
        }
        for (int i = 0; i < ranges; i++) _parts[i].Begin(BytesOf(i));
        _missing = ranges;
        return null;
    }

    /// <summary>Takes a block. Returns what is wrong with it, or null.</summary>
    public string? Add(PublishState publish, IActorRef publisher)
    {
        if (publish.Range.Count != _parts.Length) return $"state: wanted one of {_parts.Length} ranges, got range {publish.Range}";
        BlockAssembly part = _parts[publish.Range.Index];
        BlockOutcome outcome = part.Add(publish.Block, publish.State);
        if (outcome == BlockOutcome.Refused) return part.Failure;
        if (outcome != BlockOutcome.Completed) return null;
        if ((byte)part.Kind != (byte)set.Learner.Numbers)
            return $"state: wanted {set.Learner.Numbers}, got {part.Kind}; run the same version of the program on every node";
        _publishers[publish.Range.Index] = publisher;
        _missing--;
        return null;
    }

    /// <summary>The very buffer that was published, if it is one of this process; null if the state has to be copied.</summary>
    public NumericBuffer? Shared => Ranges.Count == 0 && NumericBuffer.TryFind(set.Learner.Numbers, _parts[0].Vector.Bytes, out NumericBuffer? found) ? found : null;

    /// <summary>Copies the whole state.</summary>
    public void CopyTo(NumericBuffer state)
    {
        if (Ranges.Count == 0) _parts[0].Vector.Bytes.Span.CopyTo(state.Bytes);
        for (int i = 0; i < Ranges.Count; i++) _parts[i].Vector.Floats.CopyTo(state.Floats[Ranges[i].State.Start..]);
    }

    private int BytesOf(int range) => (Ranges.Count == 0 ? set.Learner.StateLength : Ranges[range].State.Length)
        * (set.Learner.Numbers == NumberKind.Float32 ? sizeof(float) : sizeof(double));
}
