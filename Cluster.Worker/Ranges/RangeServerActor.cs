using Cluster.Messages;
using Cluster.Messages.DataPlane;
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
/// and takes its part of each step. It writes nothing to disk: what is lost with it is computed again.
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
    private readonly ContributionInbox _inbox;
    private readonly VectorOffers _offers, _answers;
    private readonly ActorPlaces _places;
    private readonly Dictionary<Address, HashSet<WorkerId>> _senders = [];     // nodes that the round was published to, each with the names that it goes by
    private VectorHandle? _filling;     // the numbers to fill it with, on their way
    private long _fillingAt = -1;
    private long _filled = -1;
    private RoundId? _round;            // the newest that was opened since then
    private RoundId? _collected;        // the newest that was asked for
    private RangeFailed? _failed;
    private bool _gathering;
    private PublishState? _message;
    private long _bytesPublished;
    private long _bytesGathered;

    public RangeServerActor(OpenRange opened, JobDataSet set, ParameterRange range, NumericBufferPool buffers, WorkerRules rules)
    {
        _opened = opened;
        _rules = rules;
        _stepsPerEpoch = set.Batches.StepsPerEpoch;
        _microBatches = set.ShardCount;
        VectorExchange vectors = VectorExchange.Get(Context.System);
        (_offers, _answers, _places) = (new VectorOffers(vectors), new VectorOffers(vectors), new ActorPlaces(vectors, Context));
        _inbox = new ContributionInbox(
            _places, new VectorMemory((kind, bytes) => buffers.RentBytes((NumberKind)kind, bytes), (kind, bytes) => buffers.ReturnBytes((NumberKind)kind, bytes)));
        _store = new RangeStore((IRangedLearner)set.Learner, range, _microBatches, buffers);
        Receive<OpenRange>(_ => TellHosted());
        Receive<FillRange>(OnFill, fill => IsMine(fill.Moment));
        Receive<OpenRangeRound>(OnOpenRound, open => IsMine(open.Round));
        Receive<PushContribution>(OnContribution);
        Receive<CollectRange>(OnCollect, collect => IsMine(collect.Moment));
        Receive<ShardsHosted>(_opened.ParameterServer.Forward);     // of a worker that holds nothing of the job that it was sent
        Receive<Terminated>(_ => Context.Stop(Self));       // the next life of the parameter server fills new servers
        ReceiveAny(_ => { });                               // of another life
        Context.Watch(opened.ParameterServer);
        TellHosted();
    }

    /// <summary>The server of a range; null if the learner cannot be cut so.</summary>
    public static Props? PropsOf(OpenRange open, JobDataSet set, NumericBufferPool buffers, WorkerRules rules) => set.RangesOf(open.Range.Count) is { } ranges
        ? Props.Create(() => new RangeServerActor(open, set, ranges[open.Range.Index], buffers, rules))
        : null;

    protected override void PostStop()
    {
        _offers.Withdraw();
        _answers.Withdraw();
        _inbox.Clear();
        ForgetFilling();
        base.PostStop();
    }

    private bool IsMine(RoundId moment) => moment.Incarnation == _opened.Incarnation;

    private void TellHosted() =>
        _opened.ParameterServer.Tell(new RangeHosted(_opened.Job, _opened.Range, Self, _opened.Incarnation, _filled));

    private void OnFill(FillRange fill)
    {
        if (fill.Moment.Ordinal < _fillingAt) return;
        if (fill.Moment.Ordinal > _fillingAt)
        {
            _fillingAt = fill.Moment.Ordinal;
            ForgetFilling();
        }
        if (_filled == _fillingAt)
        {
            TellHosted();        // the answer was lost
            return;
        }
        TensorPayload numbers = fill.Numbers;
        if (numbers.Kind != PayloadKind.Float32 || numbers.Length != _store.KeptBytes) return;
        if (numbers.IsElsewhere)
        {
            Expect(fill);
            return;
        }
        if (numbers.Handle is not null && numbers.Handle != _filling) return;
        _store.Fill(numbers.Bytes, fill.Moment.Step);
        _inbox.Clear();
        (_filling, _filled, _round, _gathering) = (null, _fillingAt, null, false);
        TellHosted();
    }

    private void Expect(FillRange fill)
    {
        if (_filling == fill.Numbers.Handle) return;
        ForgetFilling();
        byte[] place = new byte[_store.KeptBytes];
        if (_places.Expect(fill.Numbers.Handle!, place, fill with { Numbers = fill.Numbers with { Bytes = place } })) _filling = fill.Numbers.Handle;
    }

    private void ForgetFilling()
    {
        if (_filling is { } coming) _ = _places.Forget(coming);
        _filling = null;
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
            _offers.Withdraw();
            _message = new PublishState(_opened.Job, open.Round, _opened.Range, new TensorPayload(PayloadKind.Float32, _store.State.Memory));
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
        if (!push.Sum.IsElsewhere) _bytesGathered += push.Sum.Length;
        if (!_gathering || !_rules.Counts(push.Round, _round!.Value) || push.Range != _opened.Range) return;
        if (!IsAsked(push))
        {
            _log.PartRefused(_opened.Job, _opened.Range, push.Worker, $"wanted it from a worker that holds shards of the job, got it from {Sender.Path.Address}");
            return;
        }
        Subtree subtree = new(push.Subtree.First, push.Subtree.Count);
        ReadOnlyMemory<byte> sum = default;
        bool isAligned = subtree.IsAligned(_microBatches), whole = false;
        string? failure = isAligned ? null : $"subtree {push.Subtree}: wanted an aligned one of {_microBatches} micro-batches";
        if (isAligned && (!push.Sum.IsElsewhere || _store.Wants(subtree)))
            whole = _inbox.Add(push, PayloadKind.Float32, new ByteRange(_store.SumBytes), out sum, out failure);
        if (failure is not null) _log.PartRefused(_opened.Job, _opened.Range, push.Worker, failure);
        else if (whole && _store.Offer(subtree, sum) == SumOutcome.Accepted && _store.IsComplete) TellGathered();
    }

    private void OnCollect(CollectRange collect)
    {
        if (!IsFilledBefore(collect.Moment) || !TakeStep(collect.Moment.Step, collect.Scale)) return;
        // Every collection is in the same memory.
        if (_collected != collect.Moment) _answers.Withdraw();
        _collected = collect.Moment;
        TensorPayload kept = new(PayloadKind.Float32, _store.Collect().Memory);
        _opened.ParameterServer.Tell(new RangeCollected(
            _opened.Job, _opened.Range, collect.Moment, _answers.Offer(_opened.ParameterServer, collect.Moment, kept)));
    }

    /// <summary>Advances to the step of the parameter server. False if it is past that step, or cannot reach it.</summary>
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
        TensorPayload sent = _answers.Offer(_opened.ParameterServer, round, new TensorPayload(PayloadKind.Float32, squares));
        _opened.ParameterServer.Tell(new RangeGathered(_opened.Job, _opened.Range, round, _store.Missing, sent, _bytesPublished, _bytesGathered));
    }

    private void Publish(IActorRef worker)
    {
        if (_message is not { } message) return;
        worker.Tell(message with { State = _offers.Offer(worker, message.Round, message.State) });
        _bytesPublished += message.State.Length;
    }
}
