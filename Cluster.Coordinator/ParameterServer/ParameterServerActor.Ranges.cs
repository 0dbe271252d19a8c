using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.ParameterServer;

// Where several servers keep the parameters: rounds, statistics and checkpoints stay here, the numbers go to and from them.
internal sealed partial class ParameterServerActor
{
    private readonly RangeHosting? _ranges;
    private readonly Dictionary<int, VectorHandle> _squares = [];       // of ranges, on their way
    private Decision? _moveDue;
    private bool _checkpointDue;

    private void ServingRanges()
    {
        CommandRangeHosted();
        Command<RangeGathered>(OnRangeGathered, gathered => gathered.Round.Incarnation == _incarnation && IsServer(gathered.Range));
        Command<RangeCollected>(OnRangeCollected, collected => collected.Moment.Incarnation == _incarnation && IsServer(collected.Range));
        Command<RangeFailed>(OnRangeFailed, failed => failed.Incarnation == _incarnation && IsServer(failed.Range));
    }

    private void CommandRangeHosted() => Command<RangeHosted>(OnRangeHosted, hosted => hosted.Incarnation == _incarnation && IsServer(hosted.Range));

    /// <summary>Whether the sender is the node that was chosen to keep the range; if it is not, it is named.</summary>
    private bool IsServer(RangeId range) => _ranges!.IsServer(range, SenderNode) || Offends($"something of parameter range {range}, which it does not keep");

    private void OnRangeHosted(RangeHosted hosted)
    {
        if (_ranges!.OnHosted(hosted, Context) && _state.RoundOpen && !_hosting.HasPublished(_state.Round)) Publish();
    }

    private void OnRangeGathered(RangeGathered gathered)
    {
        if (gathered.Squares.IsElsewhere)
        {
            ExpectSquares(gathered);
            return;
        }
        _ranges!.OnGathered(gathered);
        Advance(() => _state.OnRangeGathered(gathered));
        if (gathered.Round == _state.Round && _state.RoundOpen) _hosting.RequestLost(gathered.Missing, _state, Now);
    }

    private void ExpectSquares(RangeGathered gathered)
    {
        VectorHandle handle = gathered.Squares.Handle!;
        if (handle.Bytes > Limits.SquaresBytesMax || gathered.Round != _state.Round) return;
        if (_squares.TryGetValue(gathered.Range.Index, out VectorHandle? before) && before != handle) _ = _places.Forget(before);
        byte[] place = new byte[handle.Bytes];
        if (_places.Expect(handle, place, gathered with { Squares = gathered.Squares with { Bytes = place } })) _squares[gathered.Range.Index] = handle;
    }

    private void ForgetSquares()
    {
        foreach (VectorHandle handle in _squares.Values) _ = _places.Forget(handle);
    }

    private void OnRangeCollected(RangeCollected collected)
    {
        if (!_ranges!.OnCollected(collected)) return;
        _state.Ranges!.OnCollected(collected.Moment.Step);
        if (_checkpointDue) TakeNow();
        (Decision? due, _moveDue) = (_moveDue, null);
        if (due is { } decision) Act(decision);
        Advance(_state.TryComplete);
    }

    private void OnRangeFailed(RangeFailed failed) =>
        Fail(failed.Diverged ? FailureKind.Diverged : FailureKind.Internal, $"parameter server: {failed.Reason}");

    /// <summary>Takes what a message of a range's server leads to.</summary>
    private void Advance(Func<Decision> decide)
    {
        try
        {
            long round = _state.Round.Ordinal;
            Decision decision = _numbers.Perform(decide());
            if (decision is Decision.Wait) return;
            _hosting.OnCompleted(Now);
            OnComplete(round);
            Act(decision);
        }
        catch (DivergedException diverged)
        {
            Fail(FailureKind.Diverged, $"parameter server: {diverged.Message}");
        }
    }

    /// <summary>Has the store brought to the step where the servers are; until it is, none takes another.</summary>
    private void Collect()
    {
        if (_state.Ranges!.IsCollecting) return;
        _state.Ranges.IsCollecting = true;
        _ranges!.Collect(_state.NextMoment(), _state.Ranges.Scale);
    }

    /// <summary>Whether the move has to wait for the store, which is then brought up to it.</summary>
    private bool Defers(Decision decision)
    {
        if (_state.IsCurrent || decision is not (Decision.EpochDone or Decision.Exhausted)) return false;
        _moveDue = decision;
        Collect();
        return true;
    }

    private void FillRanges()
    {
        (_moveDue, _checkpointDue) = (null, false);
        _ranges?.Fill(_state.NextMoment());
        PlaceRanges();
    }

    private void PlaceRanges()
    {
        if (_ranges is not null && _hosting.AllHosted) _ranges.Place(_hosting.Reached, Self, _incarnation);
    }

    /// <summary>With a range's server what it kept is lost: this life ends, and the next begins at the newest checkpoint.</summary>
    private void RequireRanges(Predicate<IActorRef> gone)
    {
        if (_failure is not null || _ranges?.FindLost(gone) is not { } lost) return;
        Context.Parent.Tell(new LifeEnded($"worker {lost.Worker?.Id}, which kept parameter range {lost.Id}, was lost; all ranges go back to the newest checkpoint"));
        Context.Stop(Self);
    }
}
