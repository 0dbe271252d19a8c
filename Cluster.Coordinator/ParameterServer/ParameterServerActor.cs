using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Telemetry;
using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// Keeps a job's state and takes its steps. A life begins with a new incarnation in the journal and the newest sound
/// checkpoint; what came after that checkpoint is computed again, with the same bits.
/// </summary>
internal sealed partial class ParameterServerActor : ReceivePersistentActor, IWithTimers
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly JobContext _job;
    private readonly CoordinatorServices _services;
    private readonly ParameterStore _store;
    private readonly ShardHosting _hosting;
    private readonly CheckpointKeeper _keeper;
    private readonly StepReporter _reporter;
    private readonly RecoveryMeter _recovery = new();
    private readonly IActorRef _dataSource;
    private readonly VectorOffers _offers;
    private readonly ActorPlaces _places;
    private long _incarnation;
    private long _reservedSteps;
    private ParameterServerState _state;
    private RoundNumbers _numbers;
    private StaleHosting? _stale;
    private Decision.EpochDone? _epochDoneDue;
    private JobFailed? _failure;
    private bool _savingModel;
    private CheckpointsRead? _read;

    public ParameterServerActor(JobContext job, CoordinatorServices services, TimeSpan? lostAt)
    {
        if (lostAt is { } at) _recovery.OnLost(at, round: 0);
        _job = job;
        _services = services;
        _store = new ParameterStore(
            job.Learner, job.Plan.MicroBatches, NumericBufferPool.Shared, services.Rules.Sum, job.Ranges.Count > 1 ? (IRangedLearner)job.Learner : null,
            new PoolPartRunner(services.Helpers));
        _hosting = new ShardHosting(job.Plan, services.Shards, services.Limits, services.Rules.Pacer());
        VectorExchange vectors = VectorExchange.Get(Context.System);
        (_offers, _places) = (new VectorOffers(vectors), new ActorPlaces(vectors, Context));
        if (job.Ranges.Count > 1) _ranges = services.Rules.Ranges(job.Job, job.Ranges, _store, _hosting.Meter, services.Rules.Pacer());
        _ranges?.Use(new VectorOffers(vectors), _places);
        _keeper = new CheckpointKeeper(
            services.Checkpoints, services.Compute, job.RunDirectory, job.Spec.Checkpoint.Keep, services.Limits.CheckpointPause);
        _reporter = new StepReporter(job.Plan);
        _dataSource = Context.ActorOf(DataSourceActor.PropsOf(job.Job, new DataSource(job.Job, () => SourceFiles.Of(job.Spec.Data), services.Roots), services.Compute), "data");
        (_state, _numbers) = StateOf(incarnation: 0);
        StreamClaim claim = new(services.Authority);
        Recover<AuthorityTaken>(claim.OnRecovered);
        Recover<ParameterServerStarted>(started => _incarnation = started.Incarnation);
        Recover<NoiseReserved>(reserved => _reservedSteps = Math.Max(_reservedSteps, reserved.Steps));
        Recover<RecoveryCompleted>(_ => claim.Begin(this, () => Persist(new ParameterServerStarted(job.Job, NextIncarnation()), OnStarted)));
        Become(Loading);
    }

    public override string PersistenceId => $"parameters-{_job.Job}";

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <summary>The actor of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="services">What it is given.</param>
    /// <param name="lostAt">When it was noticed that the life before was lost; null if this is the first, or the job was resumed by a person.</param>
    public static Props PropsOf(JobContext job, CoordinatorServices services, TimeSpan? lostAt) =>
        Props.Create(() => new ParameterServerActor(job, services, lostAt));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _services.Refused(_log, PersistenceId, cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => _services.Refused(_log, PersistenceId, cause);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _services.Refused(_log, PersistenceId, reason);

    protected override void PostStop()
    {
        _offers.Withdraw();
        _numbers.Forget();
        _stale?.Clear();
        _ranges?.Forget();
        ForgetSquares();
        base.PostStop();
    }

    /// <summary>Whoever supervises this must know at which step something went wrong, to see whether it goes wrong there again.</summary>
    protected override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch (Exception failure) when (!FailureCauses.IsTransient(failure))
        {
            throw new StepFailureException(_state.Step, failure);
        }
    }

    /// <summary>Commands are repeated by the job's coordinator until they are answered, so that here they may be let go.</summary>
    private void Loading()
    {
        Command<CheckpointsRead>(OnCheckpointsRead);
        Command<CheckpointsUnreadable>(failed => Fail(FailureKind.Storage, failed.Reason.Message));
        CommandAlways();
        if (_ranges is not null) CommandRangeHosted();
        Command<IJobMessage>(_ => { });
        Command<IParameterCommand>(_ => { });
        Command<RoundTick>(_ => { });
        Command<ProgressTick>(_ => { });
        Command<SpeculationTick>(_ => { });
    }

    private void Serving()
    {
        Command<PushContribution>(OnContribution);
        if (_ranges is not null) ServingRanges();
        Command<TrainEpoch>(train => Perform(_state.OnTrainEpoch(train.Epoch)));
        Command<EvaluateSplit>(split => Perform(_state.OnEvaluateSplit(split.Purpose, split.Epoch)));
        Command<KeepBest>(keep => Perform(_state.OnKeepBest(keep.Epoch)), _ => _state.IsCurrent);
        Command<RestoreBest>(restore => Perform(_state.OnRestoreBest(restore.Epoch)));
        Command<SaveModel>(OnSaveModel);
        Command<TakeCheckpoint>(_ => OnTakeCheckpoint());
        Command<ShardUnavailable>(OnShardUnavailable, shard => shard.Incarnation == _incarnation);
        Command<ContributionFailed>(OnContributionFailed, IsAwaited);
        Command<ResidualsLost>(lost => Perform(_state.OnResidualsLost(lost)), lost => lost.Round == _state.Round && IsFrom(lost.Worker));
        Command<RoundTick>(_ => OnRoundTick());
        Command<ProgressTick>(_ => OnProgressTick());
        Command<SpeculationTick>(_ => _hosting.Speculate(_state, Now));
        CommandAlways();
        Command<IJobMessage>(_ => { });     // an answer to an older life or an older round
    }

    private void Failed()
    {
        Command<SpendingEntered>(_ => { });
        CommandAlways();
        Command<PushContribution>(_ => { });
        Command<IParameterCommand>(_ => Context.Parent.Tell(_failure!));
        CommandAny(_ => { });
    }

    private void CommandAlways()
    {
        Command<ShardsHosted>(OnHosted, hosted => hosted.Incarnation == _incarnation && IsOwn(hosted));
        Command<ShardsHosted>(_ => { });
        Command<DescribeSource>(_dataSource.Forward);
        Command<CheckpointStored>(OnCheckpointStored);
        Command<CheckpointNotStored>(OnCheckpointNotStored);
        Command<SpendingEntered>(OnSpendingEntered);
        Command<SpendingRefused>(refused => Fail(JobReports.KindOf(refused.Reason), refused.Reason.Message));
        Command<ModelStored>(OnModelStored);
        Command<ModelNotStored>(OnModelNotStored);
        Command<Terminated>(gone => OnLost(gone.ActorRef.Equals));
        Command<ClusterEvent.MemberRemoved>(gone => OnLost(lost => lost.Path.Address.Equals(gone.Member.Address)));
        Command<ClusterEvent.UnreachableMember>(silent => OnSilent(silent.Member.Address));
        Command<ClusterEvent.ReachableMember>(heard => _hosting.OnHeard(heard.Member.Address));
        Command<ClusterEvent.CurrentClusterState>(cluster => OnSilent(cluster));
        Command<Retire>(_ => OnRetire());
    }

    /// <summary>Greater than all before it; where the journal was lost, those that workers remember lie before the clock.</summary>
    private long NextIncarnation() => Math.Max(_incarnation + 1, Context.System.Scheduler.Now.ToUnixTimeMilliseconds());

    private void OnStarted(ParameterServerStarted started)
    {
        _incarnation = started.Incarnation;
        (_state, _numbers) = StateOf(_incarnation);
        _stale = _state.Clocks is null ? null : new StaleHosting(_job.Plan, _hosting, _state, _store, _places);
        ActorCluster.Get(Context.System).Subscribe(Self, typeof(ClusterEvent.MemberRemoved), typeof(ClusterEvent.UnreachableMember), typeof(ClusterEvent.ReachableMember));
        Timers.StartPeriodicTimer(nameof(RoundTick), RoundTick.Instance, _services.Limits.RoundTick);
        Timers.StartPeriodicTimer(nameof(ProgressTick), ProgressTick.Instance, _services.Limits.ProgressTick);
        if (_job.Plan.SpeculateAfter is not null)
            Timers.StartPeriodicTimer(nameof(SpeculationTick), SpeculationTick.Instance, _services.Limits.SpeculationTick);
        _hosting.OpenAll(_job.OpenShard(Self, _incarnation), _offers, _job.Secret);
        _keeper.Read(_job.TextSha256, long.MaxValue, Self);
    }

    private (ParameterServerState State, RoundNumbers Numbers) StateOf(long incarnation)
    {
        ParameterServerState state = new(_job.Plan, _store.TreeOf, incarnation, _job.Ranges.Count, _services.Rules);
        return (state, new RoundNumbers(state, _store, _places));
    }

    private void TellReady() => Context.Parent.Tell(new ParametersReady(_incarnation, _state.Step, _state.Epoch));

    private void OnContribution(PushContribution push)
    {
        try
        {
            _hosting.Meter.BytesGathered += push.Sum.Bytes.Length;
            if (!IsTrusted(push)) return;
            if (push.Round.Purpose == RoundPurpose.TrainStale)
            {
                OnStaleContribution(push);
                return;
            }
            Received received = _numbers.OnContribution(push);
            bool completed = received.Next is not Decision.Wait;
            if (received.IsTaken && push.Round.Purpose == RoundPurpose.Train) _hosting.Meter.OnSum(received.Bytes);
            if (received.IsTaken && !completed) _hosting.OnTaken(push, _state, Now);
            else if (received.IsTaken)
            {
                _hosting.OnCompleted(push, Now);
                OnComplete(push.Round.Ordinal);
            }
            Act(received.Next);
            if (received.Outcome == SumOutcome.NotFinite) OnNotFinite(push);
            if (received.IsTaken) OnRefuted(push, push.Round, completed);
            if (received.Failure is { } failure) _log.ContributionRefused(_job.Job, push.Worker, failure);
        }
        catch (DivergedException diverged)
        {
            Fail(FailureKind.Diverged, $"parameter server: {diverged.Message}");
        }
    }

    private void Perform(Decision decision) => Act(_numbers.Perform(decision));

    /// <summary>Does what is left of a decision when its part of the numbers is done.</summary>
    private void Act(Decision decision)
    {
        if (Defers(decision)) return;
        switch (decision)
        {
            case Decision.Publish: Publish(); break;
            case Decision.PublishAgain again: PublishAgain(again); break;
            case Decision.Dispatch: Dispatch(); break;
            case Decision.Reserve reserve: Enter(_job.Spending(reserve.Steps)!); break;
            case Decision.Exhausted spent: Answer(new PrivacyExhausted(_job.Job, spent.Step, _job.Epsilon(spent.Step))); break;
            case Decision.EpochDone done: OnEpochDone(done); break;
            case Decision.SplitMeasured measured: Answer(measured.Evaluation); break;
            case Decision.BestKept kept: Answer(new BestKept(_job.Job, kept.Epoch)); break;
            case Decision.BestRestored restored: Answer(new BestRestored(_job.Job, restored.Epoch)); break;
            case Decision.Behind: TellReady(); break;
            case Decision.Rewind rewind: Rewind(rewind.Step); break;
        }
    }

    private void Publish()
    {
        RangeHosting? ranges = _state.ShowingBest ? null : _ranges;
        if (ranges is { IsReady: false }) return;       // published when they are
        _hosting.Publish(_state, _numbers.Shown, ranges, Now);
        TakeDueCheckpoint();
    }

    private void Answer(object answer)
    {
        Context.Parent.Tell(answer);
        TakeDueCheckpoint();
    }

    private void OnReserved(NoiseReserved reserved)
    {
        _reservedSteps = reserved.Steps;
        Perform(_state.OnReserved(reserved.Steps));
    }

    private void OnShardUnavailable(ShardUnavailable shard) =>
        Fail(FailureKind.BadInput, $"worker {shard.Worker}, shard {shard.Shard}: {shard.Reason}");

    private void OnRoundTick()
    {
        PlaceRanges();
        _ranges?.OnTick(Self, _incarnation);
        NoWorkerVerdict verdict = _state.IsTrainingStale ? OnStaleTick() : _hosting.OnTick(_state, Now);
        if (verdict == NoWorkerVerdict.Warn) _log.WaitingForWorkers(_job.Job, _hosting.WaitedForWorkers);
        if (verdict == NoWorkerVerdict.GiveUp)
            Fail(FailureKind.Internal, $"wanted at least one worker, got none for {_hosting.WaitedForWorkers}; start a worker, then resume.");
    }

    private void OnProgressTick()
    {
        if (_reporter.Report(_state, _hosting.Workers, Context.System.Scheduler.Now) is not { } report) return;
        _services.Progress.Report(report);
        Context.Parent.Tell(report);
        TellExchange();
    }

    private void TellExchange() => Context.Parent.Tell(new ExchangeMeasured([.. _hosting.Meter.FiguresOf(_job.Plan), .. _ranges?.Figures ?? [], .. _recovery.Figures]));

    private void Fail(FailureKind kind, string reason)
    {
        _failure = new JobFailed(kind, reason);
        _keeper.DropPending();
        Timers.CancelAll();
        Become(Failed);
        Context.Parent.Tell(_failure);
    }

    private void OnRetire()
    {
        _hosting.Close();
        Context.Stop(Self);
    }
}
