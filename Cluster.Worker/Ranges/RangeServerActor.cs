using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;
using Cluster.Worker.Data;
using Cluster.Worker.Telemetry;
using Cluster.Worker.Training;

namespace Cluster.Worker.Ranges;

/// <summary>
/// Keeps one range of a job's parameters for one life of its parameter server: publishes it, gathers its part of the sums,
/// and takes its part of each step. It writes nothing to any disk: whatever is lost with it is computed again.
/// </summary>
internal sealed class RangeServerActor : ReceiveActor
{
    private const int NamesOfNodeMax = 8;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly OpenRange _opened;
    private readonly WorkerRules _rules;
    private readonly long _stepsPerEpoch;
    private readonly int _microBatches;
    private readonly RangeStore _store;
    private readonly ContributionInbox _inbox = new();
    private readonly Dictionary<Address, HashSet<WorkerId>> _senders = [];     // nodes that the round was published to, each with the names that it goes by
    private BlockAssembly? _filling;    // null between fillings
    private long _fillingAt = -1;
    private long _filled = -1;
    private RoundId? _round;            // the newest that was opened since then
    private RangeFailed? _failed;
    private bool _gathering;
    private PublishState[] _messages = [];
    private long _bytesPublished;
    private long _bytesGathered;

    public RangeServerActor(OpenRange opened, JobDataSet set, ParameterRange range, NumericBufferPool buffers, WorkerRules rules)
    {
        _opened = opened;
        _rules = rules;
        _stepsPerEpoch = set.Batches.StepsPerEpoch;
        _microBatches = set.ShardCount;
        _store = new RangeStore((IRangedLearner)set.Learner, range, _microBatches, buffers);
        Receive<OpenRange>(_ => TellHosted());
        Receive<FillRange>(OnFill, fill => IsMine(fill.Moment));
        Receive<OpenRangeRound>(OnOpenRound, open => IsMine(open.Round));
        Receive<PushContribution>(OnContribution);
        Receive<CollectRange>(OnCollect, collect => IsMine(collect.Moment));
        Receive<ShardsHosted>(_opened.ParameterServer.Forward);     // of a worker that holds nothing of the job that it was sent
        Receive<Terminated>(_ => Context.Stop(Self));       // whatever comes after the parameter server fills servers of its own
        ReceiveAny(_ => { });                               // of another life
        Context.Watch(opened.ParameterServer);
        TellHosted();
    }

    /// <summary>The server of a range; null if the learner cannot be cut so.</summary>
    public static Props? PropsOf(OpenRange open, JobDataSet set, NumericBufferPool buffers, WorkerRules rules) => set.RangesOf(open.Range.Count) is { } ranges
        ? Props.Create(() => new RangeServerActor(open, set, ranges[open.Range.Index], buffers, rules))
        : null;

    private bool IsMine(RoundId moment) => moment.Incarnation == _opened.Incarnation;

    private void TellHosted() =>
        _opened.ParameterServer.Tell(new RangeHosted(_opened.Job, _opened.Range, Self, _opened.Incarnation, _filled));

    private void OnFill(FillRange fill)
    {
        if (fill.Moment.Ordinal < _fillingAt) return;
        if (fill.Moment.Ordinal > _fillingAt)
        {
            _fillingAt = fill.Moment.Ordinal;
            _filling = new BlockAssembly();
            _filling.Begin(_store.KeptBytes);
        }
        if (_filling is null)
        {
            if (fill.Block.Index == 0) TellHosted();        // the answer was lost
            return;
        }
        if (_filling.Add(fill.Block, fill.Numbers) != BlockOutcome.Completed) return;
        _store.Fill(_filling.Vector.Bytes, fill.Moment.Step);
        (_filling, _filled, _round, _gathering) = (null, _fillingAt, null, false);
        TellHosted();
    }

    /// <summary>Whether the numbers are here that a round or a collection is about.</summary>
    private bool IsFilledBefore(RoundId moment) => _filled >= 0 && _filled == _fillingAt && moment.Ordinal > _filled;

    private void OnOpenRound(OpenRangeRound open)
    {
        if (!IsFilledBefore(open.Round) || (_round is { } known && open.Round < known)) return;
        if (open.Round != _round)
        {
            if (!TakeStep(open.Round.Step, open.Scale)) return;
            _round = open.Round;
            _gathering = open.Round.Purpose == RoundPurpose.Train;
            _store.Open();
            _inbox.Clear();
            SetMessages(open.Round);
        }
        else if (_gathering) TellGathered();
        foreach (IActorRef worker in open.Workers)
        {
            _senders.TryAdd(worker.Path.Address, []);
            Publish(worker);
        }
    }

    /// <summary>Whether the sum comes from a node that was asked, in one of the few names that it may go by.</summary>
    private bool IsAsked(PushContribution push) => _senders.TryGetValue(Sender.Path.Address, out HashSet<WorkerId>? names)
        && (names.Contains(push.Worker) || (names.Count < NamesOfNodeMax && names.Add(push.Worker)));

    private void OnContribution(PushContribution push)
    {
        _bytesGathered += push.Sum.Bytes.Length;
        if (!_gathering || !_rules.Counts(push.Round, _round!.Value) || push.Range != _opened.Range) return;
        if (!IsAsked(push))
        {
            _log.PartRefused(_opened.Job, _opened.Range, push.Worker, $"wanted it from a worker that holds shards of the job, got it from {Sender.Path.Address}");
            return;
        }
        Subtree subtree = new(push.Subtree.First, push.Subtree.Count);
        bool whole = _inbox.Add(push, PayloadKind.Float32, new ByteRange(_store.SumBytes), out ReadOnlyMemory<byte> sum, out string? failure);
        if (!subtree.IsAligned(_microBatches)) failure = $"subtree {push.Subtree}: wanted an aligned one of {_microBatches} micro-batches";
        if (failure is not null) _log.PartRefused(_opened.Job, _opened.Range, push.Worker, failure);
        else if (whole && _store.Offer(subtree, sum) == SumOutcome.Accepted && _store.IsComplete) TellGathered();
    }

    private void OnCollect(CollectRange collect)
    {
        if (!IsFilledBefore(collect.Moment) || !TakeStep(collect.Moment.Step, collect.Scale)) return;
        NumericBuffer kept = _store.Collect();
        for (int i = 0, count = Blocks.Count(kept.Memory.Length); i < count; i++)
            _opened.ParameterServer.Tell(new RangeCollected(
                _opened.Job, _opened.Range, collect.Moment, new BlockId(i, count), Blocks.Slice(PayloadKind.Float32, kept.Memory, i)));
    }

    /// <summary>Gets to the step where the parameter server is. False where it has long been there, or cannot get there.</summary>
    private bool TakeStep(long step, double? scale)
    {
        if (_failed is not null) _opened.ParameterServer.Tell(_failed);
        if (_store.Step == step) return true;
        if (_store.Step != step - 1 || !_gathering || !_store.IsComplete) return false;
        _gathering = false;
        try
        {
            _store.TakeStep(scale, StepOf(_round!.Value));
            return true;
        }
        catch (DivergedException diverged)
        {
            _failed = new RangeFailed(_opened.Job, _opened.Range, _opened.Incarnation, true, diverged.Message);
            _opened.ParameterServer.Tell(_failed);
            return false;
        }
    }

    private StepContext StepOf(RoundId round) => new(round.Step, round.Epoch, _stepsPerEpoch);

    private void TellGathered()
    {
        RoundId round = _round!.Value;
        ReadOnlyMemory<byte> squares = _store.IsComplete ? _store.Square(StepOf(round)).Memory : default;
        _opened.ParameterServer.Tell(new RangeGathered(
            _opened.Job, _opened.Range, round, _store.Missing, new TensorPayload(PayloadKind.Float32, squares), _bytesPublished, _bytesGathered));
    }

    private void SetMessages(RoundId round)
    {
        ReadOnlyMemory<byte> bytes = _store.State.Memory;
        int blocks = Blocks.Count(bytes.Length);
        if (_messages.Length != blocks) _messages = new PublishState[blocks];
        for (int i = 0; i < blocks; i++)
            _messages[i] = new PublishState(_opened.Job, round, _opened.Range, new BlockId(i, blocks), Blocks.Slice(PayloadKind.Float32, bytes, i));
    }

    private void Publish(IActorRef worker)
    {
        foreach (PublishState message in _messages)
        {
            worker.Tell(message);
            _bytesPublished += message.State.Bytes.Length;
        }
    }
}
