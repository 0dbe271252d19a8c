using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Ml.Data;
using Cluster.Worker.Data;
using Cluster.Worker.Telemetry;

namespace Cluster.Worker.Shards;

/// <summary>
/// A data shard of a job, living on whichever worker node sharding chose: it loads its rows and lends them to the node's
/// worker. It holds nothing that cannot be loaded again, so it may be lost and re-homed at any moment.
/// </summary>
internal sealed class DataShardActor : ReceiveActor
{
    private readonly DataShardState _state = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly WorkerId _workerId;
    private readonly IActorRef _worker;
    private readonly IComputePool _compute;
    private readonly DataSetCache _dataSets;

    public DataShardActor(WorkerId workerId, IActorRef worker, IComputePool compute, DataSetCache dataSets)
    {
        _workerId = workerId;
        _worker = worker;
        _compute = compute;
        _dataSets = dataSets;
        Receive<OpenShard>(open => Perform(_state.OnOpen(open)));
        Receive<RowsLoaded>(loaded => Perform(_state.OnLoaded(loaded.Rows)));
        Receive<LoadFailed>(OnLoadFailed);
        Receive<CloseJob>(_ => LeaveNode());
    }

    public static Props CreateProps(WorkerId workerId, IActorRef worker, IComputePool compute, DataSetCache dataSets) =>
        Props.Create(() => new DataShardActor(workerId, worker, compute, dataSets));

    protected override void PostStop()
    {
        if (_state is { Wanted: { } wanted, Rows: not null })
            _worker.Tell(new ShardStopped(wanted.Job, wanted.Shard, Self));
        base.PostStop();
    }

    private void Perform(ShardStep step)
    {
        if (step == ShardStep.Load) Load(_state.Wanted!);
        if (step == ShardStep.Announce) Announce(_state.Wanted!);
    }

    private void Load(OpenShard open) =>
        _compute.Run(() => Read(open)).PipeTo(Self, success: rows => new RowsLoaded(rows), failure: fault => new LoadFailed(fault));

    private ShardRows Read(OpenShard open)
    {
        JobDataSet set = _dataSets.Open(open.JobText, $"{open.Job}.yaml", open.BaseDirectory);
        if (set.ShardCount != open.ShardCount)
            throw new BadInputException(
                $"{open.Job}.yaml", null, null, $"{open.ShardCount} micro-batches, as the parameter server counts",
                $"{set.ShardCount}", "run the same version of the program on every node");
        return set.Shard(open.Shard);
    }

    private void Announce(OpenShard open) =>
        _worker.Tell(new ShardReady(open.Job, _state.Rows!, Self, open.ParameterServer, open.Incarnation));

    private void OnLoadFailed(LoadFailed failed)
    {
        OpenShard open = _state.Wanted!;
        if (failed.Reason is ComputeRefusedException or OperationCanceledException)
            _log.ShardNotBegun(open.Job, open.Shard, failed.Reason.Message);   // the node is closing or full: sharding, or a repetition, tries again
        else
            open.ParameterServer.Tell(new ShardUnavailable(open.Job, open.Shard, _workerId, failed.Reason.Message, open.Incarnation));
        LeaveNode();   // opened again, it tries again: the file may be there by then
    }

    private static void LeaveNode() => Context.Parent.Tell(new Passivate(PoisonPill.Instance));

    private sealed record RowsLoaded(ShardRows Rows) : INoSerializationVerificationNeeded;

    private sealed record LoadFailed(Exception Reason) : INoSerializationVerificationNeeded;
}
