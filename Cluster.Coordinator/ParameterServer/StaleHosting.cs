using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// Training with bounded staleness, on the parameter server's side: gives each worker that is free the micro-batches that may
/// go on, and has what comes applied at once. Part of its actor: sending happens in the actor's own name.
/// </summary>
internal sealed class StaleHosting(TrainingPlan plan, ShardHosting hosting, ParameterServerState state, ParameterStore store, IVectorPlaces? places = null)
{
    private readonly Dictionary<WorkerId, StaleWork> _work = [];
    private readonly StaleClocks _clocks = state.Clocks!;
    private long _version;

    /// <summary>Gives work to every worker that is free, as far as the bound allows.</summary>
    public void Dispatch(TimeSpan now)
    {
        if (!state.IsTrainingStale) return;
        foreach (ShardHost host in hosting.Hosts)
            if (!_work.ContainsKey(host.Id) && WorkAssignment.AtOwnPace(host, _clocks, state.EpochEnd) is { IsEmpty: false } shards) Give(host.Id, shards, now);
    }

    /// <summary>Takes a contribution. What it leads to, and why it was refused, if it was.</summary>
    /// <exception cref="DivergedException">The sum or the new state is not finite.</exception>
    public (Decision Decision, string? Failure) OnContribution(PushContribution push, TimeSpan now)
    {
        if (!state.IsTrainingStale || !_work.TryGetValue(push.Worker, out StaleWork? work) || push.Round != work.Round) return (Decision.Waits, null);
        Subtree subtree = new(push.Subtree.First, push.Subtree.Count);
        if (!subtree.IsAligned(plan.MicroBatches)) return (Decision.Waits, $"subtree {push.Subtree}: wanted an aligned one of {plan.MicroBatches} micro-batches");
        if (!work.Awaits(push.Subtree)) return (Decision.Waits, null);     // answered before, or never asked for
        bool whole = work.Inbox.Add(push, (PayloadKind)store.KindOf(RoundPurpose.Train), store.BytesOf(RoundPurpose.Train), out ReadOnlyMemory<byte> sum, out string? failure);
        if (!whole || !work.Close(push.Subtree)) return (Decision.Waits, failure);
        if (work.IsDone)
        {
            _work.Remove(push.Worker);
            hosting.Withdraw(push.Worker);
            store.Release(work.State);
            hosting.Meter.OnDone(push.Worker, now);
        }
        Decision decision = Decision.Waits;
        // Where a shard moved, two workers were given it: the second answer is of a step that is over.
        if (_clocks.Take(subtree, work.Round.Step))
        {
            hosting.Meter.OnSum(sum.Length);
            hosting.Meter.OnApplied(work.Ahead, _version - work.Version);
            _version++;
            decision = Apply(subtree, work.Round.Step, sum);
        }
        Dispatch(now);
        return (decision, null);
    }

    // Rates and corrections go by the step of the micro-batches, as if all took it together.
    private Decision Apply(Subtree subtree, long step, ReadOnlyMemory<byte> sum)
    {
        StepContext context = new(step, state.Epoch, plan.StepsPerEpoch);
        return state.OnStaleStepped(store.StepPart(sum, context, (float)subtree.Count / plan.MicroBatches, state.Tally), store.IsWithinEpoch);
    }

    /// <summary>Whether this is work that a worker was given, and has not finished.</summary>
    public bool Awaits(RoundId round) => _work.Values.Any(work => work.Round == round);

    /// <summary>Workers have come or gone: what those had who are gone is given to others.</summary>
    public void OnHostsChanged(TimeSpan now)
    {
        foreach (WorkerId gone in _work.Keys.Where(id => hosting.Find(id) is null).ToArray())
        {
            if (_work.Remove(gone, out StaleWork? left)) left.Inbox.Clear();
            hosting.Meter.OnDone(gone, now);
        }
        Dispatch(now);
    }

    /// <summary>
    /// No step has become complete for a while: all that is awaited is sent again. Not only what the slowest are at: a worker
    /// that lost its work cannot be given theirs.
    /// </summary>
    public void Repeat()
    {
        foreach ((WorkerId id, StaleWork work) in _work)
            hosting.Send(id, work.Round, work.State, work.Open);
    }

    /// <summary>Training goes back to a checkpoint, or is over: nothing that is being computed counts.</summary>
    public void Clear()
    {
        foreach (StaleWork work in _work.Values) work.Inbox.Clear();
        _work.Clear();
    }

    private void Give(WorkerId worker, ImmutableArray<int> shards, TimeSpan now)
    {
        long step = _clocks[shards[0]];
        StaleWork work = new(state.NextStaleRound(step), shards, store.CopyState(), _version, step - _clocks.Slowest, new ContributionInbox(places, store.Incoming));
        _work[worker] = work;
        hosting.Meter.OnAsked(worker, now);
        hosting.Send(worker, work.Round, work.State, shards);
    }
}
