using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Wire;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;
using Cluster.Worker.Data;

namespace Cluster.Worker.Training;

/// <summary>Puts a published state together, from one publisher or from the servers of its ranges.</summary>
/// <remarks>Cost  a state of one publisher of this process is not copied, nor is what comes from other nodes, which comes into its place; ranges of this process are copied once, side by side</remarks>
/// <param name="set">The job's data and learner.</param>
/// <param name="buffers">Lends the memory of a state that is not the publisher's.</param>
/// <param name="places">Opens places for what comes from other nodes; null if nothing does.</param>
internal sealed class StateAssembly(JobDataSet set, NumericBufferPool buffers, IVectorPlaces? places = null)
{
    private Part[] _parts = [new()];
    private NumericBuffer? _own;        // holds what comes from other nodes; null until something does
    private int _missing = 1;

    /// <summary>The ranges of the state that is being put together; empty if it is published as a whole.</summary>
    public IReadOnlyList<ParameterRange> Ranges { get; private set; } = [];

    /// <summary>Whether the state is whole.</summary>
    public bool IsComplete => _missing == 0;

    private int NumberBytes => set.Learner.Numbers == NumberKind.Float32 ? sizeof(float) : sizeof(double);

    /// <summary>Who published a range, and gets its part of the sums.</summary>
    public IActorRef PublisherOf(int range) => _parts[range].Publisher;

    /// <summary>Forgets what has come and waits for a state in so many ranges. Returns why there is no such state, or null.</summary>
    public string? Begin(int ranges)
    {
        Forget();
        if (ranges == 1) Ranges = [];
        else if (set.RangesOf(ranges) is { } cut) Ranges = cut;
        else return $"state: wanted one that can be kept by {ranges} servers, got one of {set.Learner.StateLength} numbers; run the same version of the program on every node";
        if (_parts.Length != ranges) _parts = [.. Enumerable.Range(0, ranges).Select(_ => new Part())];
        foreach (Part part in _parts) (part.IsHere, part.Numbers) = (false, default);
        _missing = ranges;
        return null;
    }

    /// <summary>Nothing that is on its way is wanted any more.</summary>
    public void Forget()
    {
        bool isQuiet = true;
        foreach (Part part in _parts)
        {
            if (part.Coming is { } coming) isQuiet &= places!.Forget(coming).IsCompleted;
            part.Coming = null;
        }
        // What is being written into is left to the garbage collector.
        if (_own is not null && isQuiet) buffers.Return(_own);
        _own = null;
    }

    /// <summary>Takes a range, or its handle. Returns what is wrong with it, or null.</summary>
    public string? Add(PublishState publish, IActorRef publisher)
    {
        if (publish.Range.Count != _parts.Length) return $"state: wanted one of {_parts.Length} ranges, got range {publish.Range}";
        Part part = _parts[publish.Range.Index];
        TensorPayload state = publish.State;
        if ((byte)state.Kind != (byte)set.Learner.Numbers || state.Length != BytesOf(publish.Range.Index))
            return $"state: wanted {BytesOf(publish.Range.Index)} bytes of {set.Learner.Numbers}, got {state.Length} of {state.Kind}; run the same version of the program on every node";
        if (part.IsHere) return null;
        if (state.IsElsewhere)
        {
            Expect(part, publish);
            return null;
        }
        if (state.Handle is { } arrived && arrived != part.Coming) return null;      // into a place that was given up
        (part.IsHere, part.Coming, part.Numbers, part.Publisher) = (true, null, state, publisher);
        _missing--;
        return null;
    }

    /// <summary>The state, and whether it belongs to this node: else it is the very buffer that was published in this process, to be read only.</summary>
    public (NumericBuffer State, bool IsOwned) Take()
    {
        if (Ranges.Count == 0 && _own is null && NumericBuffer.TryFind(set.Learner.Numbers, _parts[0].Numbers.Bytes, out NumericBuffer? shared)) return (shared, false);
        NumericBuffer state = Own;
        for (int i = 0; i < _parts.Length; i++)
            if (_parts[i].Numbers.Handle is null) _parts[i].Numbers.Bytes.Span.CopyTo(PlaceOf(i).Span);
        _own = null;
        return (state, true);
    }

    private NumericBuffer Own => _own ??= buffers.Rent(set.Learner.Numbers, set.Learner.StateLength);

    private void Expect(Part part, PublishState publish)
    {
        VectorHandle handle = publish.State.Handle!;
        if (places is null || part.Coming == handle) return;
        // The place may still be written by what came before: then it is offered again.
        if (part.Coming is { } before && !places.Forget(before).IsCompleted) return;
        Memory<byte> place = PlaceOf(publish.Range.Index);
        part.Coming = places.Expect(handle, place, publish with { State = publish.State with { Bytes = place } }) ? handle : null;
    }

    private Memory<byte> PlaceOf(int range) => Ranges.Count == 0 ? Own.Memory : Own.Memory.Slice(Ranges[range].State.Start * NumberBytes, BytesOf(range));

    private int BytesOf(int range) => (Ranges.Count == 0 ? set.Learner.StateLength : Ranges[range].State.Length) * NumberBytes;

    /// <summary>A range of the state.</summary>
    private sealed class Part
    {
        public bool IsHere { get; set; }

        public TensorPayload Numbers { get; set; }

        public VectorHandle? Coming { get; set; }

        public IActorRef Publisher { get; set; } = ActorRefs.Nobody;
    }
}
