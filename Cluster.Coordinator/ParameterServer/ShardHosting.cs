using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// The parameter server's side of the workers: what they say goes to the assignment, and what that orders is sent. Part of its actor:
/// watching and sending happen in the actor's own name.
/// </summary>
internal sealed class ShardHosting
{
    private const int WorkersOfNodeMax = 8;
    private readonly IActorRef _region;
    private readonly RetrySchedule _pacer;
    private readonly WorkAssignment _work;
    private readonly WorkerBook _book;
    private readonly NoWorkerWatch _noWorker;
    private readonly bool _speculates;
    private TimeSpan _openedAt;
    private RoundPublisher? _publisher;

    public ShardHosting(TrainingPlan plan, IActorRef region, CoordinatorLimits limits, RetrySchedule pacer)
    {
        (_region, _pacer, _speculates) = (region, pacer, plan.SpeculateAfter is not null);
        _work = new WorkAssignment(plan.MicroBatches, plan.SpeculateAfter, carries: plan.Feedback is not null);
        _book = new WorkerBook(_work);
        _noWorker = new NoWorkerWatch(limits);
    }

    /// <summary>How many workers hold shards.</summary>
    public int Workers => _work.Hosts.Count;

    /// <summary>How long there has been none.</summary>
    public TimeSpan WaitedForWorkers => _noWorker.Waited;

    /// <summary>Who holds what.</summary>
    public IReadOnlyList<ShardHost> Hosts => _work.Hosts;

    /// <summary>Workers that hold shards, and where they are reached.</summary>
    public IReadOnlyList<HostingWorker> Reached => _book.Workers;

    /// <summary>Whether every shard has a host.</summary>
    public bool AllHosted => _work.IsWhole;

    /// <summary>Where the worker of that name is reached, or null if it holds nothing.</summary>
    public IActorRef? Find(WorkerId id) => _book.Find(id);

    /// <summary>Whether a worker holds a micro-batch, as far as it said.</summary>
    public bool Holds(WorkerId worker, int shard) => _work.Holds(worker, shard);

    /// <summary>Whether the cluster cannot hear that worker.</summary>
    public bool IsSilent(WorkerId worker) => _work.Find(worker) is { } host && _work.IsSilent(host);

    /// <summary>Whether it holds what is missing from the open round.</summary>
    public static bool Owes(ShardHost? host, ParameterServerState state) => host is not null && state.Gathering is { } round && round.IsOwedBy(host);

    /// <summary>Whether it holds what is missing from the open round.</summary>
    public bool Owes(WorkerId worker, ParameterServerState state) => Owes(_work.Find(worker), state);

    /// <summary>Why a worker's word is not to be taken from that node; null if it is.</summary>
    public string? FindStranger(WorkerId id, Address node) => _book.Find(id) is not { } worker ? $"something in the name of {id}, which holds no shard"
        : worker.Path.Address == node ? null : $"something in the name of {id}, which is at {worker.Path.Address}";

    /// <summary>Whether a worker may go by its name: no other node that is heard does, and its node has no crowd of names.</summary>
    public bool MayAnnounce(ShardsHosted hosted)
    {
        Address node = hosted.WorkerRef.Path.Address;
        if (_book.Find(hosted.Worker) is { } known) return known.Path.Address == node || IsSilent(hosted.Worker);
        return node.HasLocalScope || _book.Workers.Count(worker => worker.Ref.Path.Address == node) < WorkersOfNodeMax;     // this process's own are as many as it was told
    }

    /// <summary>Whether a worker was asked for all of the subtree in the open round.</summary>
    public bool IsAsked(WorkerId worker, SubtreeId subtree) => _work.IsAsked(worker, subtree);

    /// <summary>A worker says that a step cannot be computed. Gives the claim that is believed; otherwise a second worker is asked.</summary>
    public Claim? OnClaim(Claim claim, RoundId round, ImmutableArray<int> missing, TimeSpan now)
    {
        (Claim? believed, WorkOrders orders) = _work.OnClaim(claim, round, missing);
        Perform(orders, now);
        return believed;
    }

    /// <summary>A sum was taken: the claim that it refutes, or null.</summary>
    public Claim? OnComputed(WorkerId worker, Subtree subtree, RoundId round, Predicate<int> isMissing) => _work.OnComputed(worker, subtree, round, isMissing);

    /// <summary>Sends a state of its own to one worker, and asks it for some micro-batches.</summary>
    public void Send(WorkerId worker, RoundId round, NumericBuffer state, ImmutableArray<int> wanted)
    {
        if (_book.Find(worker) is { } known) _publisher?.Send(known, round, state, wanted);
    }

    /// <summary>A worker has no use any more for the state that it was sent.</summary>
    public void Withdraw(WorkerId worker)
    {
        if (_book.Find(worker) is { } known) _publisher?.Withdraw(known);
    }

    /// <summary>What the exchange costs.</summary>
    public ExchangeMeter Meter { get; } = new();

    /// <summary>A life begins: every shard is opened for it.</summary>
    /// <param name="open">What opens shard 0.</param>
    /// <param name="offers">What goes to other nodes.</param>
    /// <param name="secret">Of a private job; else null.</param>
    public void OpenAll(OpenShard open, VectorOffers offers, PrivacySecret? secret)
    {
        _publisher = new RoundPublisher(_work, _book, _region, open, Meter, offers, secret);
        _publisher.Open(_work.Opening);
    }

    /// <summary>Publishes the state that opens a round.</summary>
    /// <param name="state">The round.</param>
    /// <param name="shown">The numbers.</param>
    /// <param name="ranges">The servers that publish theirs in the place of these; null if they are in one place.</param>
    /// <param name="now">Since when workers owe answers.</param>
    public void Publish(ParameterServerState state, NumericBuffer shown, RangeHosting? ranges, TimeSpan now)
    {
        if (state.Round.Purpose == RoundPurpose.Train) Meter.OnOpened(_work.Hosts, now);
        _openedAt = now;
        if (ranges is null) _publisher?.Publish(state.Round, shown);
        else _publisher?.Publish(state.Round, ranges, state.Ranges!.Scale);
        Perform(_work.OnPublished(state.Gathering!.Value), now);
    }

    /// <summary>Whether that round was published.</summary>
    public bool HasPublished(RoundId round) => _publisher?.Round == round;

    /// <summary>Asks again for sums that were sent, but not all of which arrived at the server of a range.</summary>
    public void RequestLost(ImmutableArray<int> missing, ParameterServerState state, TimeSpan now) => Perform(_work.OnPartsLost(missing, state.Gathering!.Value), now);

    /// <summary>A sum was taken, and the round is still open.</summary>
    public void OnTaken(PushContribution push, ParameterServerState state, TimeSpan now)
    {
        Record(push, now);
        if (_work.Find(push.Worker) is { } host && !Owes(host, state)) Meter.OnDone(push.Worker, now);
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
        if (_speculates) Perform(_work.OnTime(Published(state), now - _openedAt), now);
    }

    /// <summary>A worker says what it holds; if that is missing from the open round, it gets the round at once.</summary>
    public void OnHosted(ShardsHosted hosted, ParameterServerState state, IActorContext context)
    {
        if (_book.Enter(hosted.Worker, hosted.WorkerRef) is { } before) context.Unwatch(before);
        if (hosted.Shards.IsEmpty) context.Unwatch(hosted.WorkerRef);
        else context.Watch(hosted.WorkerRef);
        ShardHost said = new(hosted.Worker, NameOf(hosted.WorkerRef.Path.Address), hosted.Shards);
        Perform(_work.OnHosted(said, Published(state)), context.System.Scheduler.MonotonicClock);
        _book.Trim();
    }

    /// <summary>The cluster cannot hear a node: what it owes is computed by others, too.</summary>
    public void OnSilent(Address node, ParameterServerState state, TimeSpan now) => Perform(_work.OnSilent(NameOf(node), Published(state)), now);

    /// <summary>The cluster hears it again.</summary>
    public void OnHeard(Address node) => _work.OnHeard(NameOf(node));

    /// <summary>Workers are gone: what they held is opened again, elsewhere, and until then computed by those that are there.</summary>
    public void OnLost(IEnumerable<WorkerId> gone, ParameterServerState state, TimeSpan now)
    {
        Perform(_work.OnLost(gone, Published(state)), now);
        _book.Trim();
    }

    /// <summary>Looks at the open round, and asks again for what is missing when it is time.</summary>
    public NoWorkerVerdict OnTick(ParameterServerState state, TimeSpan now)
    {
        if (!state.RoundOpen) return NoWorkerVerdict.Wait;
        NoWorkerVerdict verdict = _noWorker.Tick(Workers > 0);
        if (verdict == NoWorkerVerdict.GiveUp || !_pacer.Tick(state.Round.Ordinal)) return verdict;
        state.OnRepeated();
        Perform(_work.OnRepeated(Published(state), _pacer.Repeats), now);
        if (HasPublished(state.Round)) _publisher?.AskRanges();
        return verdict;
    }

    /// <summary>Looks at training with bounded staleness, and says whether it is time to ask again for what the slowest wait for.</summary>
    public (NoWorkerVerdict Verdict, bool Repeat) OnStaleTick(StaleClocks clocks, TimeSpan now)
    {
        NoWorkerVerdict verdict = _noWorker.Tick(Workers > 0);
        bool repeat = verdict != NoWorkerVerdict.GiveUp && _pacer.Tick(clocks.Slowest);
        if (repeat) Perform(_work.OnRepeated(clocks, _pacer.Repeats), now);
        return (verdict, repeat);
    }

    /// <summary>The job has ended: the workers let go.</summary>
    public void Close() => _publisher?.Close();

    private static string NameOf(Address node) => node.ToString();

    // A round of which no state has gone out can be asked of nobody.
    private OpenRound? Published(ParameterServerState state) => HasPublished(state.Round) ? state.Gathering : null;

    private void Perform(WorkOrders orders, TimeSpan now)
    {
        foreach (WorkOrder order in orders.Work)
        {
            if (_book.Find(order.Worker) is not { } worker) continue;
            Meter.OnAsked(order.Worker, now);
            if (order.Reason == WorkReason.BacksUp) Meter.Speculated += order.Shards.Length;
            if (order.SendsState) _publisher?.SendRound(worker);
            if (order.NamesShards) _publisher?.Request(worker, order.Shards);
        }
        _publisher?.Open(orders.Open);
    }

    private void Record(PushContribution push, TimeSpan now)
    {
        if (!_speculates || push.Round.Purpose != RoundPurpose.Train) return;
        if (!_work.OnTaken(push.Worker, push.Subtree, now - _openedAt)) Meter.SpeculationWon += push.Subtree.Count;
    }
}
