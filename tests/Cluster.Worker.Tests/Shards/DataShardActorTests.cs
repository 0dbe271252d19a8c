using Cluster.Messages;
using Cluster.Messages.Node;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Numerics;
using Cluster.Worker.Data;
using Cluster.Worker.Shards;
using Cluster.Worker.Sources;

namespace Cluster.Worker.Tests.Shards;

public sealed class DataShardActorTests : ActorTestKit
{
    [Fact]
    public void It_loads_its_rows_and_tells_the_worker()
    {
        var (worker, server, region) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        IActorRef shard = Shard(worker, region, new InlineComputePool());

        shard.Tell(Some.OpenShard(1, server.Ref));

        ShardReady ready = worker.ExpectMsg<ShardReady>();
        ready.Shard.ShouldBe(1);
        ready.Rows.Training.Count.ShouldBe(3);
        ready.ParameterServer.ShouldBe(server.Ref);
    }

    [Fact]
    public void Opened_again_by_a_newer_parameter_server_it_tells_again_without_loading()
    {
        var (worker, region) = (CreateTestProbe(), CreateTestProbe());
        var (old, server) = (CreateTestProbe(), CreateTestProbe());
        using ManualComputePool compute = new(1);
        IActorRef shard = Shard(worker, region, compute);
        shard.Tell(Some.OpenShard(1, old.Ref, incarnation: 1));
        compute.RunNext();
        ShardReady first = worker.ExpectMsg<ShardReady>();

        shard.Tell(Some.OpenShard(1, server.Ref, incarnation: 2));

        ShardReady second = worker.ExpectMsg<ShardReady>();
        second.Rows.ShouldBeSameAs(first.Rows);
        second.ParameterServer.ShouldBe(server.Ref);
        second.Incarnation.ShouldBe(2);
        compute.Waiting.ShouldBe(0);
    }

    [Fact]
    public void Of_data_that_is_not_held_whole_the_shards_that_were_opened_together_are_read_together()
    {
        var (worker, server, region) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        string folder = Directory.CreateTempSubdirectory("cluster-shards-").FullName;
        using ManualComputePool compute = new(1);
        WorkerOptions options = new(Some.Worker) { Storage = new RowStorage { Folder = folder, WholeBytesMax = 0 } };
        DataSetCache sets = new();
        foreach (int shard in new[] { 1, 3 }) Shard(worker, region, compute, options, sets: sets).Tell(Some.OpenShard(shard, server.Ref));
        AwaitAssert(() => compute.Waiting.ShouldBe(2), TimeSpan.FromSeconds(60));

        compute.RunNext();      // each reads the data's shape …
        compute.RunNext();
        AwaitAssert(() => compute.Waiting.ShouldBe(2), TimeSpan.FromSeconds(60));
        compute.RunNext();      // … then the first opens both

        ShardRows first = worker.ExpectMsg<ShardReady>().Rows;
        first.Training.Table.Rows.ShouldBe(3);
        first.Set.Shard(3).Training.IsOpen.ShouldBeTrue();
        first.Set.Shard(0).Training.IsOpen.ShouldBeFalse();
        compute.RunNext();
        worker.ExpectMsg<ShardReady>().Rows.Training.Table.Rows.ShouldBe(3);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Data_that_cannot_be_read_fails_the_job_with_the_place_and_leaves_the_node()
    {
        var (worker, server, region) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        IActorRef shard = Shard(worker, region, new InlineComputePool());
        string text = Some.JobText.Replace("target: kind", "target: colour", StringComparison.Ordinal);

        shard.Tell(Some.OpenShard(1, server.Ref, incarnation: 4, text));

        ShardUnavailable unavailable = server.ExpectMsg<ShardUnavailable>();
        unavailable.Reason.ShouldContain("small.csv");
        unavailable.Reason.ShouldContain("colour");
        unavailable.Incarnation.ShouldBe(4);
        region.ExpectMsg<Passivate>();
    }

    [Fact]
    public void A_strangers_job_is_told_the_place_of_a_fault_and_not_what_stands_there()
    {
        var (worker, server, region) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        IActorRef shard = Shard(worker, region, new InlineComputePool(), Of(Some.Folder));
        string text = Some.JobText.Replace("target: kind", "target: colour", StringComparison.Ordinal);

        shard.Tell(Some.OpenShard(1, server.Ref, incarnation: 4, text));

        string reason = server.ExpectMsg<ShardUnavailable>().Reason;
        reason.ShouldContain("small.csv:1");
        reason.ShouldNotContain("kind");        // a column of the file
    }

    [Fact]
    public void Files_outside_of_the_roots_are_not_seen_and_so_are_fetched()
    {
        var (worker, server, region, sources) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        IActorRef shard = Shard(worker, region, new InlineComputePool(), Of(Path.Combine(Some.Folder, "elsewhere")), sources.Ref);

        shard.Tell(Some.OpenShard(1, server.Ref));

        sources.ExpectMsg<FetchSource>().Job.ShouldBe(Some.Job);
        shard.Tell(new SourceFetched(Some.Folder));     // the folder of what was fetched is a root meanwhile
        worker.ExpectMsg<ShardReady>().Rows.Training.Count.ShouldBe(3);
    }

    [Fact]
    public void Other_rows_than_the_coordinators_are_refused()
    {
        var (worker, server, region) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        IActorRef shard = Shard(worker, region, new InlineComputePool());

        shard.Tell(Some.OpenShard(1, server.Ref) with { DataSha256 = new string('0', 64) });

        string reason = server.ExpectMsg<ShardUnavailable>().Reason;
        reason.ShouldContain("small.csv");
        reason.ShouldContain(Some.DataSha256);
        region.ExpectMsg<Passivate>();
    }

    [Fact]
    public void Another_count_of_shards_than_the_job_has_is_refused()
    {
        var (worker, server, region) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        IActorRef shard = Shard(worker, region, new InlineComputePool());

        shard.Tell(Some.OpenShard(1, server.Ref) with { ShardCount = 8 });

        server.ExpectMsg<ShardUnavailable>().Reason.ShouldContain("8 micro-batches");
    }

    [Fact]
    public void A_full_node_is_no_fault_of_the_data()
    {
        var (worker, server, region) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        using ManualComputePool compute = new(1) { Refusing = true };
        IActorRef shard = Shard(worker, region, compute);

        shard.Tell(Some.OpenShard(1, server.Ref));

        region.ExpectMsg<Passivate>();
        server.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Closing_the_job_makes_it_leave_and_stopping_tells_the_worker()
    {
        var (worker, server, region) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        IActorRef shard = Shard(worker, region, new InlineComputePool());
        shard.Tell(Some.OpenShard(1, server.Ref));
        worker.ExpectMsg<ShardReady>();

        shard.Tell(new CloseJob(Some.Job));
        region.ExpectMsg<Passivate>().StopMessage.ShouldBe(PoisonPill.Instance);
        shard.Tell(PoisonPill.Instance);

        ShardStopped stopped = worker.ExpectMsg<ShardStopped>();
        stopped.Shard.ShouldBe(1);
        stopped.DataShard.ShouldBe(shard);
    }

    private static WorkerOptions Of(string root) => new(Some.Worker) { Roots = new DataRoots([root]) };

    private IActorRef Shard(TestProbe worker, TestProbe region, IComputePool compute, WorkerOptions? options = null, IActorRef? sources = null, DataSetCache? sets = null)
    {
        Props shard = DataShardActor.CreateProps(
            [new WorkerSeat(options ?? new WorkerOptions(Some.Worker), worker.Ref, new WorkerPools(compute, new NumericBufferPool(), sets ?? new DataSetCache()))],
            sources ?? ActorRefs.Nobody);
        IActorRef parent = Sys.ActorOf(Props.Create(() => new RegionStandIn(shard, region.Ref)));
        return parent.Ask<IActorRef>("child", TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();
    }

    /// <summary>The parent of one entity; what the entity tells it goes to the probe.</summary>
    private sealed class RegionStandIn : ReceiveActor
    {
        public RegionStandIn(Props entity, IActorRef probe)
        {
            IActorRef child = Context.ActorOf(entity);
            Receive<string>(_ => Sender.Tell(child));
            Receive<Passivate>(probe.Tell);
        }
    }
}
