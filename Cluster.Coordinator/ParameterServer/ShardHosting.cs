using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// The parameter server's side of the workers: who holds what, who is sent what, who is asked again. Part of its actor:
/// watching and sending happen in the actor's own name.
/// </summary>
internal sealed class ShardHosting
{
    private const int WorkersOfNodeMax = 8;
    private readonly IActorRef _region;
    private readonly RetrySchedule _pacer;
    private readonly ShardDirectory _shards;
    private readonly Speculation? _speculation;
    private readonly StandIns _standIns;
    private readonly Assignments _assignments;
    private readonly NoWorkerWatch _noWorker;
    private readonly bool _carries;
    private readonly int _microBatches;
    private TimeSpan _openedAt;
    private RoundPublisher? _publisher;

    public ShardHosting(TrainingPlan plan, IActorRef region, CoordinatorLimits limits, RetrySchedule pacer)
    {
        (_region, _pacer, _microBatches) = (region, pacer, plan.MicroBatches);
        _shards = new ShardDirectory(plan.MicroBatches);
        _speculation = plan.SpeculateAfter is { } after ? new Speculation(after) : null;
        _standIns = new StandIns(_shards);
        _assignments = new Assignments(_shards, plan.MicroBatches);
        _noWorker = new NoWorkerWatch(limits);
        _carries = plan.Feedback is not null;
    }

    /// <summary>Workers that hold shards.</summary>
    public int Workers => _shards.Workers.Count;

    /// <summary>How long there has been none.</summary>
    public TimeSpan WaitedForWorkers => _noWorker.Waited;

    /// <summary>Workers that hold shards.</summary>
    public IReadOnlyList<HostingWorker> Hosts => _shards.Workers;

    /// <summary>Whether every shard has a host.</summary>
    public bool AllHosted => Enumerable.Range(0, _microBatches).All(_shards.IsHosted);

    /// <summary>The worker of that name, or null if it holds nothing.</summary>
    public HostingWorker? Find(WorkerId id) => _shards.Find(id);

    /// <summary>Whether a worker holds a micro-batch, as far as it said.</summary>
    public bool Holds(WorkerId worker, int shard) => _shards.Find(worker)?.Shards.Contains(shard) == true;

    /// <summary>Workers that the cluster hears.</summary>
    public IEnumerable<HostingWorker> Heard => _shards.Workers.Where(worker => !_standIns.IsSilent(worker));

    /// <summary>Why a worker's word is not to be taken from that node; null if it is.</summary>
    public string? FindStranger(WorkerId id, Address node) => _shards.Find(id) is not { } worker ? $"something in the name of {id}, which holds no shard"
        : worker.Ref.Path.Address == node ? null : $"something in the name of {id}, which is at {worker.Ref.Path.Address}";

    /// <summary>Whether a worker may go by its name: no other node that is heard does, and its node has no crowd of names.</summary>
    public bool MayAnnounce(ShardsHosted hosted)
    {
        Address node = hosted.WorkerRef.Path.Address;
        if (_shards.Find(hosted.Worker) is { } known) return known.Ref.Path.Address == node || IsSilent(known);
        return node.HasLocalScope || _shards.Workers.Count(worker => worker.Ref.Path.Address == node) < WorkersOfNodeMax;     // this process's own are as many as it was told
    }

    /// <summary>Whether a worker was asked for all of the subtree in the open round.</summary>
    public bool IsAsked(WorkerId worker, SubtreeId subtree) => _assignments.Has(worker, subtree);

    /// <summary>Asks a second worker for what another could not compute.</summary>
    public void AskSecond(HostingWorker second, ImmutableArray<int> shards, TimeSpan now) => Ask(new Help(second, shards), now);

    /// <summary>Sends a state of its own to one worker, and asks it for some micro-batches.</summary>
    public void Send(IActorRef worker, RoundId round, NumericBuffer state, ImmutableArray<int> wanted) =>
        _publisher?.Send(worker, round, state, wanted);

    /// <summary>A worker has no use any more for the state that it was sent.</summary>
    public void Withdraw(IActorRef worker) => _publisher?.Withdraw(worker);

    /// <summary>What the exchange costs.</summary>
    public ExchangeMeter Meter { get; } = new();

    /// <summary>A life begins: every shard is opened for it.</summary>
    /// <param name="open">What opens shard 0.</param>
    /// <param name="offers">What goes to other nodes.</param>
    /// <param name="secret">Of a private job; else null.</param>
    public void OpenAll(OpenShard open, VectorOffers offers, PrivacySecret? secret)
    {
        _publisher = new RoundPublisher(_shards, _region, open, Meter, offers, secret);
        _publisher.OpenAll();
    }

    /// <summary>Publishes the state that opens a round.</summary>
    /// <param name="state">The round.</param>
    /// <param name="ranges">The servers that publish it; null for the state that is shown, from here.</param>
    /// <param name="now">Since when workers owe answers.</param>
    public void Publish(ParameterServerState state, RangeHosting? ranges, TimeSpan now)
    {
        if (state.Round.Purpose == RoundPurpose.Train) Meter.OnOpened(_shards.Workers, now);
        _speculation?.OnOpened();
        _openedAt = now;
        _assignments.Open();
        if (ranges is null) _publisher?.Publish(state.Round, state.Shown);
        else _publisher?.Publish(state.Round, ranges, state.Ranges!.Scale);
        _standIns.OnOpened();
        AskStandIns(state, now);
    }

    /// <summary>Whether that round was published.</summary>
    public bool HasPublished(RoundId round) => _publisher?.Round == round;

    /// <summary>Asks again for sums that were sent, but not all of which arrived at the server of a range.</summary>
    public void RequestLost(ImmutableArray<int> missing, IContributionSum tree)
    {
        foreach (HostingWorker worker in missing.IsEmpty ? [] : _shards.Workers)
            if (worker.Shards.Where(shard => missing.Contains(shard) && !tree.IsMissing(shard)).ToImmutableArray() is { IsEmpty: false } lost)
                _publisher?.Request(worker.Ref, lost);
    }

    /// <summary>A sum was taken, and the round is still open.</summary>
    public void OnTaken(PushContribution push, ParameterServerState state, TimeSpan now)
    {
        Record(push, now);
        if (_shards.Find(push.Worker) is { } worker && !ShardDirectory.HoldsMissing(worker, state.Tree)) Meter.OnDone(push.Worker, now);
        Speculate(state, now);
    }

    /// <summary>A sum was taken that completed its round.</summary>
    public void OnCompleted(PushContribution push, TimeSpan now)
    {
        Record(push, now);
        OnCompleted(now);
    }

    /// <summary>The round is complete.</summary>
    public void OnCompleted(TimeSpan now) => Meter.OnClosed(Workers, now);

    /// <summary>Gives what is late to workers that are free.</summary>
    public void Speculate(ParameterServerState state, TimeSpan now)
    {
        if (_speculation is null || !state.RoundOpen || state.Round.Purpose != RoundPurpose.Train) return;
        foreach (Help help in _speculation.Plan(_shards, state.Tree, now - _openedAt))
        {
            Meter.Speculated += help.Shards.Length;
            Ask(help, now);
        }
    }

    private void AskStandIns(ParameterServerState state, TimeSpan now)
    {
        // What feedback carries from step to step lies with the worker: nobody can stand in for it.
        if (!state.RoundOpen || !HasPublished(state.Round) || (_carries && state.Round.Purpose == RoundPurpose.Train)) return;
        foreach (Help help in _standIns.Plan(state.Tree)) Ask(help, now);
    }

    private void Ask(Help help, TimeSpan now)
    {
        Meter.OnAsked(help.Helper.Id, now);
        _assignments.Add(help.Helper.Id, help.Shards);
        _publisher?.Request(help.Helper.Ref, help.Shards);
    }

    private void Record(PushContribution push, TimeSpan now)
    {
        if (_speculation is null || push.Round.Purpose != RoundPurpose.Train) return;
        bool own = _shards.Find(push.Worker) is { } worker && worker.Shards.Contains(push.Subtree.First);
        if (own) _speculation.OnOwnAnswer(push.Worker, now - _openedAt);
        else Meter.SpeculationWon += push.Subtree.Count;
    }

    /// <summary>A worker says what it holds; if that is missing from the open round, it gets the round at once.</summary>
    public void OnHosted(ShardsHosted hosted, ParameterServerState state, IActorContext context)
    {
        if (_shards.Announce(hosted.Worker, hosted.WorkerRef, hosted.Shards) is { } before) context.Unwatch(before);
        if (hosted.Shards.IsEmpty) context.Unwatch(hosted.WorkerRef);
        else context.Watch(hosted.WorkerRef);
        _standIns.OnHosted(hosted.Shards);
        _assignments.Add(hosted.Worker, hosted.Shards);
        if (!state.RoundOpen || !HasPublished(state.Round) || !hosted.Shards.Any(state.IsMissing)) return;
        Meter.OnAsked(hosted.Worker, context.System.Scheduler.MonotonicClock);
        _publisher?.SendRound(hosted.WorkerRef);
    }

    /// <summary>Whether the cluster cannot hear that worker.</summary>
    public bool IsSilent(HostingWorker worker) => _standIns.IsSilent(worker);

    /// <summary>The cluster cannot hear a node: what it owes is computed by others, too.</summary>
    public void OnSilent(Address node, ParameterServerState state, TimeSpan now)
    {
        _standIns.OnSilent(node);
        AskStandIns(state, now);
    }

    /// <summary>The cluster hears it again.</summary>
    public void OnHeard(Address node) => _standIns.OnHeard(node);

    /// <summary>Workers are gone: what they held is opened again, elsewhere, and until then computed by those that are there.</summary>
    public void OnLost(Predicate<HostingWorker> gone, ParameterServerState state, TimeSpan now)
    {
        foreach (HostingWorker worker in _shards.Workers)
            if (gone(worker)) _standIns.OnLost(worker);
        if (!_shards.LoseWhere(gone)) return;
        AskStandIns(state, now);
        _publisher?.OpenHomeless();
    }

    /// <summary>Looks at the open round, and asks again for what is missing when it is time.</summary>
    public NoWorkerVerdict OnTick(ParameterServerState state, TimeSpan now)
    {
        if (!state.RoundOpen) return NoWorkerVerdict.Wait;
        NoWorkerVerdict verdict = _noWorker.Tick(Workers > 0);
        if (verdict == NoWorkerVerdict.GiveUp || !_pacer.Tick(state.Round.Ordinal)) return verdict;
        state.OnRepeated();
        if (HasPublished(state.Round)) _publisher?.Repeat(state.IsMissing, _pacer.Repeats);
        else _publisher?.Reopen(static _ => true, _pacer.Repeats);      // the servers of ranges wait for every shard to have a host
        _standIns.OnOpened();
        AskStandIns(state, now);
        return verdict;
    }

    /// <summary>Looks at training with bounded staleness, and says whether it is time to ask again for what the slowest wait for.</summary>
    public (NoWorkerVerdict Verdict, bool Repeat) OnStaleTick(StaleClocks clocks)
    {
        NoWorkerVerdict verdict = _noWorker.Tick(Workers > 0);
        bool repeat = verdict != NoWorkerVerdict.GiveUp && _pacer.Tick(clocks.Slowest);
        if (repeat) _publisher?.Reopen(shard => clocks[shard] == clocks.Slowest, _pacer.Repeats);
        return (verdict, repeat);
    }

    /// <summary>The job has ended: the workers let go.</summary>
    public void Close() => _publisher?.Close();
}
