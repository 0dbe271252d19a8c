using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Worker.Ranges;
using Cluster.Worker.Shards;
using Cluster.Worker.Telemetry;

namespace Cluster.Worker.Training;

/// <summary>Computes what the node's data shards contribute to each job's newest state, and sends the sums.</summary>
internal sealed class WorkerActor : ReceiveActor, IWithTimers
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly WorkerOptions _options;
    private readonly WorkerPools _pools;
    private readonly WorkerJobs _jobs;
    private readonly RangeServers _ranges = new();

    public WorkerActor(WorkerOptions options, WorkerPools pools)
    {
        _options = options;
        _pools = pools;
        VectorExchange vectors = VectorExchange.Get(Context.System);
        _jobs = new WorkerJobs(pools.Buffers, options.Rules, vectors, new ActorPlaces(vectors, Context));
        Receive<PublishState>(OnPublishState);
        Receive<RequestContribution>(OnRequest);
        Receive<PartReturned>(OnPartReturned);
        Receive<PartFailed>(OnPartFailed);
        Receive<ShardReady>(OnShardReady);
        Receive<ShardStopped>(OnShardStopped);
        Receive<OpenRange>(OnOpenRange);
        Receive<CloseJob>(OnCloseJob);
        Receive<Terminated>(OnTerminated);
        Receive<JobOrphaned>(orphaned => Close(orphaned.Job));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props CreateProps(WorkerOptions options, WorkerPools pools) => Props.Create(() => new WorkerActor(options, pools));

    /// <summary>A range's server that fails is lost, with what it kept: its job goes back to a checkpoint.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void OnShardReady(ShardReady ready)
    {
        if (_jobs.IsClosed(ready) || _jobs.For(ready) is not { } job)
        {
            ready.DataShard.Tell(new CloseJob(ready.Job));
            return;
        }
        bool newer = ready.Incarnation > job.Rounds.Incarnation;
        bool report = job.OnShardReady(ready);
        if (newer) Follow(job, ready.ParameterServer);
        if (report) Report(job);
        Advance(job);
    }

    private void OnShardStopped(ShardStopped stopped)
    {
        if (_jobs.Find(stopped.Job) is { } job && job.OnShardStopped(stopped)) Report(job);
    }

    private void OnPublishState(PublishState publish)
    {
        if (_jobs.Find(publish.Job) is not { } job)
        {
            Sender.Tell(new ShardsHosted(publish.Job, _options.Worker, Self, [], publish.Round.Incarnation));   // it opens them again
            return;
        }
        if (job.OnState(publish, Sender) is { } failure) Fail(job, publish.Round, new SubtreeId(0, job.Set.ShardCount), diverged: false, failure);
        Advance(job);
    }

    private void OnRequest(RequestContribution request)
    {
        if (_jobs.Find(request.Job) is not { } job) return;
        job.Rounds.OnRequest(request.Round, request.Shards.AsSpan());
        Advance(job);
    }

    private void OnPartReturned(PartReturned returned)
    {
        SubtreeComputation computation = returned.Computation;
        HostedJob job = computation.Owner;
        job.Rounds.OnPartReturned();
        if (returned.Sum is { } sum)
        {
            if (job.Rounds.OnSubtreeDone(computation.Round, computation.Planned.Subtree)) Send(job, computation, sum);
            else _pools.Buffers.Return(sum);
        }
        Advance(job);
    }

    private void OnPartFailed(PartFailed failed)
    {
        SubtreeComputation computation = failed.Computation;
        HostedJob job = computation.Owner;
        job.Rounds.OnPartReturned();
        bool awaited = job.Rounds.OnSubtreeDone(computation.Round, computation.Planned.Subtree);
        if (failed.Reason is ComputeRefusedException or OperationCanceledException) _log.ComputeRefused(job.Job, failed.Reason.Message);
        else if (awaited)
            Fail(job, computation.Round, computation.SubtreeId, failed.Reason is DivergedException, MemoryNeed.TextOf(failed.Reason));
        Advance(job);
    }

    private void OnOpenRange(OpenRange open)
    {
        if (_jobs.Find(open.Job) is { } job && open.Incarnation >= job.Rounds.Incarnation)
            _ranges.Open(open, job.Set, _pools.Buffers, _options.Rules, Context);
        else
            Sender.Tell(new ShardsHosted(open.Job, _options.Worker, Self, [], open.Incarnation));   // another worker is to keep it
    }

    private void OnCloseJob(CloseJob close)
    {
        // Only the parameter server that the job belongs to now may close it: an older one's word may come late.
        if (_jobs.Find(close.Job) is { } job && job.ParameterServer.Equals(Sender)) Close(close.Job);
    }

    private void OnTerminated(Terminated terminated)
    {
        foreach (HostedJob job in _jobs.Of(terminated.ActorRef))
        {
            _log.ParameterServerLost(job.Job, _options.OrphanTimeout);
            job.Rounds.OnParameterServerLost();
            Timers.StartSingleTimer(job.Job, new JobOrphaned(job.Job), _options.OrphanTimeout);
        }
    }

    private void Follow(HostedJob job, IActorRef parameterServer)
    {
        Timers.Cancel(job.Job);
        Context.Unwatch(job.ParameterServer);
        job.ParameterServer = parameterServer;
        Context.Watch(parameterServer);
    }

    private void Close(JobId id)
    {
        if (_jobs.Close(id) is not { } job) return;
        Timers.Cancel(id);
        Context.Unwatch(job.ParameterServer);
        _ranges.Close(id, Context);
        _pools.DataSets.LetGo(job.Set);
        foreach (IActorRef shard in job.DataShards) shard.Tell(new CloseJob(id));
        _log.JobClosed(id);
    }

    private void Report(HostedJob job) => job.ParameterServer.Tell(
        new ShardsHosted(job.Job, _options.Worker, Self, job.Rounds.Hosted, job.Rounds.Incarnation));

    private void Advance(HostedJob job)
    {
        if (_jobs.Find(job.Job) != job) return;
        if (job.SetAsideLost() is { IsEmpty: false } lost)
            job.ParameterServer.Tell(new ResidualsLost(job.Job, job.Rounds.Round, _options.Worker, lost));
        foreach (SubtreeComputation computation in job.NextComputations(_pools.Compute.Threads))
            for (int part = 0; part < computation.Planned.Parts; part++) Begin(computation, part);
    }

    // The computing thread tells its result itself: piped, it would first wake another thread, once every part.
    private void Begin(SubtreeComputation computation, int part)
    {
        IActorRef self = Self;
        Task begun = _pools.Compute.Run(() => Compute(computation, part), result => self.Tell(result, self));
        if (begun.IsFaulted) self.Tell(new PartFailed(computation, begun.Exception.InnerException!), self);
    }

    private static object Compute(SubtreeComputation computation, int part)
    {
        try
        {
            return new PartReturned(computation, computation.ComputePart(part));
        }
#pragma warning disable CA1031 // Whatever it is, the job's parameter server is told.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return new PartFailed(computation, failure);
        }
    }

    private void Send(HostedJob job, SubtreeComputation computation, NumericBuffer sum)
    {
        foreach ((IActorRef target, PushContribution push) in job.MessagesOf(computation, sum, _options.Worker)) target.Tell(push);
    }

    private void Fail(HostedJob job, RoundId round, SubtreeId subtree, bool diverged, string reason)
    {
        _log.ContributionFailed(job.Job, round.Step, reason);
        job.ParameterServer.Tell(new ContributionFailed(job.Job, round, _options.Worker, subtree, diverged, reason));
    }
}
