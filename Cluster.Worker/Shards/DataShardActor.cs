using Cluster.Messages;
using Cluster.Messages.Node;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Worker.Data;
using Cluster.Worker.Sources;
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
    private readonly ImmutableArray<WorkerSeat> _seats;
    private readonly IActorRef _sources;
    private WorkerSeat _seat;
    private bool _fetching;

    public DataShardActor(ImmutableArray<WorkerSeat> seats, IActorRef sources)
    {
        _seats = seats;
        _seat = seats[0];
        _sources = sources;
        Receive<OpenShard>(OnOpen);
        Receive<SourceUnseen>(_ => OnUnseen());
        Receive<SourceFetched>(OnFetched);
        Receive<SourceNotFetched>(failed => Refuse(failed.Reason));
        Receive<RowsLoaded>(OnLoaded);
        Receive<LoadFailed>(OnLoadFailed);
        Receive<CloseJob>(_ => LeaveNode());
    }

    /// <param name="seats">The node's workers, at least one.</param>
    /// <param name="sources">Fetches data that the node does not see.</param>
    public static Props CreateProps(ImmutableArray<WorkerSeat> seats, IActorRef sources) => Props.Create(() => new DataShardActor(seats, sources));

    protected override void PostStop()
    {
        if (_state is { Wanted: { } wanted, Rows: not null })
            _seat.Worker.Tell(new ShardStopped(wanted.Job, wanted.Shard, Self));
        base.PostStop();
    }

    private void OnOpen(OpenShard open)
    {
        // Of a job that comes back with another number of shards, this one may be another worker's: it begins anew there.
        WorkerSeat seat = WorkerSeat.Of(_seats, open.Shard, open.ShardCount);
        if (seat != _seat && _state is { Wanted: { } wanted, Rows: not null }) _seat.Worker.Tell(new ShardStopped(wanted.Job, wanted.Shard, Self));
        _seat = seat;
        Perform(_state.OnOpen(open));
        if (_fetching) Fetch();     // perhaps from another life of the parameter server
    }

    private void Perform(ShardStep step)
    {
        if (step == ShardStep.Load) Load(_state.Loading!, folder: null);
        if (step == ShardStep.Announce) Announce(_state.Wanted!);
    }

    /// <summary>From the source if this node sees it, else from the folder that it was copied to.</summary>
    private void Load(OpenShard open, string? folder) =>
        _seat.Pools.Compute.Run(() => folder is not null || Sees(open) ? new RowsLoaded(Read(open, folder)) : (object)SourceUnseen.Instance)
            .PipeTo(Self, failure: failure => new LoadFailed(failure));

    private bool Sees(OpenShard open) => _seat.Options.Sees(JobFile.Parse(open.JobText, $"{open.Job}.yaml", open.BaseDirectory).Data);

    private void OnUnseen()
    {
        _fetching = true;
        Fetch();
    }

    private void Fetch() => _sources.Tell(FetchSource.Of(_state.Wanted!));

    private void OnFetched(SourceFetched fetched)
    {
        if (!_fetching) return;
        _fetching = false;
        Load(_state.Loading!, fetched.Folder);
    }

    private ShardRows Read(OpenShard open, string? folder)
    {
        JobDataSet set = _seat.Options.Read(folder, () => _seat.Pools.DataSets.Open(open.JobText, $"{open.Job}.yaml", open.BaseDirectory, _seat.Options.Storage, folder));
        if (set.ShardCount != open.ShardCount)
            throw new BadInputException(
                $"{open.Job}.yaml", null, null, $"{open.ShardCount} micro-batches, as the parameter server counts",
                $"{set.ShardCount}", "run the same version of the program on every node");
        if (set.Rows.Sha256 != open.DataSha256) _seat.Pools.DataSets.LetGo(set);
        OtherRows.Refuse(set.Spec.Data, open.DataSha256, set.Rows.Sha256);
        return set.Shard(open.Shard);
    }

    // Opened once the shards that were asked for meanwhile are known, too: one pass over the data is enough for all.
    private void OnLoaded(RowsLoaded loaded)
    {
        TrainingShard shard = loaded.Rows.Training;
        if (shard.IsOpen) Perform(_state.OnLoaded(loaded.Rows));
        else _seat.Pools.Compute.Run(() => shard.Table).PipeTo(Self, success: _ => loaded, failure: failure => new LoadFailed(failure));
    }

    private void Announce(OpenShard open) =>
        _seat.Worker.Tell(new ShardReady(open.Job, _state.Rows!, Self, open.ParameterServer, open.Incarnation));

    private void OnLoadFailed(LoadFailed failed)
    {
        OpenShard open = _state.Wanted!;
        if (failed.Reason is ComputeRefusedException or OperationCanceledException)
            _log.ShardNotBegun(open.Job, open.Shard, failed.Reason.Message);   // the node is closing or full: sharding, or a repetition, tries again
        else
        {
            string told = DataRoots.TextOf(_seat.Options.Roots, failed.Reason, open.Job.Value);
            if (told != failed.Reason.Message) _log.DataRefused(open.Job, failed.Reason.Message);
            Refuse(told);
            return;
        }
        LeaveNode();
    }

    private void Refuse(string reason)
    {
        OpenShard open = _state.Wanted!;
        open.ParameterServer.Tell(new ShardUnavailable(open.Job, open.Shard, _seat.Options.Worker, reason, open.Incarnation));
        LeaveNode();   // opened again, it tries again: the file may be there by then
    }

    private static void LeaveNode() => Context.Parent.Tell(new Passivate(PoisonPill.Instance));

    private sealed record RowsLoaded(ShardRows Rows) : INoSerializationVerificationNeeded;

    private sealed record SourceUnseen : INoSerializationVerificationNeeded
    {
        public static readonly SourceUnseen Instance = new();
    }

    private sealed record LoadFailed(Exception Reason) : INoSerializationVerificationNeeded;
}
