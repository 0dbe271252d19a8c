using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Worker.Data;
using Cluster.Worker.Shards;
using Cluster.Worker.Training;

namespace Cluster.Worker.Tests.Training;

public sealed class WorkerActorTests : ActorTestKit
{
    private static readonly JobDataSet Set = Some.DataSet();
    private static readonly NumericBuffer Initial = InitialState();

    [Fact]
    public void A_ready_shard_is_reported_with_all_others_of_its_job()
    {
        var server = CreateTestProbe();
        IActorRef worker = Worker(new InlineComputePool());

        Host(worker, server, shard: 2);
        Host(worker, server, shard: 0);

        server.ExpectMsg<ShardsHosted>().Shards.ShouldBe([2]);
        ShardsHosted both = server.ExpectMsg<ShardsHosted>();
        both.Shards.ShouldBe([0, 2]);
        both.WorkerRef.ShouldBe(worker);
        both.Incarnation.ShouldBe(1);
    }

    [Fact]
    public void A_published_state_is_answered_with_the_sum_of_the_whole_subtree()
    {
        var server = CreateTestProbe();
        IActorRef worker = Hosting(server, new InlineComputePool(), 0, 1, 2, 3);

        Publish(worker, server, Round(0));

        PushContribution push = server.ExpectMsg<PushContribution>();
        push.Subtree.ShouldBe(new SubtreeId(0, 4));
        push.Round.ShouldBe(Round(0));
        push.Worker.ShouldBe(Some.Worker);
        push.Sum.Bytes.ToArray().ShouldBe(Expected(new Subtree(0, 4)));
    }

    [Fact]
    public void Several_threads_give_one_sum_with_the_same_bits()
    {
        var server = CreateTestProbe();
        using ComputePool pool = new(4, "worker-test");
        IActorRef worker = Hosting(server, pool, 0, 1, 2, 3);

        Publish(worker, server, Round(0));

        server.ExpectMsg<PushContribution>().Sum.Bytes.ToArray().ShouldBe(Expected(new Subtree(0, 4)));
    }

    [Fact]
    public void A_round_asked_for_again_is_answered_again()
    {
        var server = CreateTestProbe();
        IActorRef worker = Hosting(server, new InlineComputePool(), 0, 1);

        Publish(worker, server, Round(0));
        server.ExpectMsg<PushContribution>();
        Publish(worker, server, Round(0));
        worker.Tell(new RequestContribution(Some.Job, Round(0), [1]), server.Ref);

        PushContribution again = server.ExpectMsg<PushContribution>();
        again.Subtree.ShouldBe(new SubtreeId(1, 1), "only what is missing is computed again");
        again.Sum.Bytes.ToArray().ShouldBe(Expected(new Subtree(1, 1)));
    }

    [Fact]
    public void A_micro_batch_of_a_late_worker_is_computed_beside_the_own_ones_with_its_bits()
    {
        var server = CreateTestProbe();
        IActorRef worker = Hosting(server, new InlineComputePool(), 0, 1);
        Publish(worker, server, Round(0));
        server.ExpectMsg<PushContribution>();

        worker.Tell(new RequestContribution(Some.Job, Round(0), [2, 3]), server.Ref);

        PushContribution help = server.ExpectMsg<PushContribution>();
        help.Subtree.ShouldBe(new SubtreeId(2, 2));
        help.Sum.Bytes.ToArray().ShouldBe(Expected(new Subtree(2, 2)));
        Publish(worker, server, Round(1));
        server.ExpectMsg<PushContribution>().Subtree.ShouldBe(new SubtreeId(0, 2), "the next round is about its own again");
    }

    [Fact]
    public void A_residual_that_is_not_here_is_told_in_the_place_of_a_sum()
    {
        JobDataSet carrying = Some.DataSet(Some.JobText.Replace("batch: 8", "batch: 4\n  compression: { top-k: 0.5, window: 3 }", StringComparison.Ordinal));
        RoundId amidWindow = Round(0) with { Step = 1 };
        var server = CreateTestProbe();
        IActorRef worker = Worker(new InlineComputePool());
        worker.Tell(new ShardReady(Some.Job, carrying.Shard(3), ActorRefs.Nobody, server.Ref, 1));
        server.ExpectMsg<ShardsHosted>();

        Publish(worker, server, amidWindow);
        Publish(worker, server, Round(1));

        ResidualsLost lost = server.ExpectMsg<ResidualsLost>();
        (lost.Round, lost.Worker).ShouldBe((amidWindow, Some.Worker));
        lost.Shards.ShouldBe([3]);
        server.ExpectMsg<PushContribution>().Round.ShouldBe(Round(1));
    }

    [Fact]
    public void A_request_about_a_round_whose_state_is_not_here_is_let_be()
    {
        var server = CreateTestProbe();
        IActorRef worker = Hosting(server, new InlineComputePool(), 0);

        worker.Tell(new RequestContribution(Some.Job, Round(3), [0]), server.Ref);
        Publish(worker, server, Round(2));

        server.ExpectMsg<PushContribution>().Round.ShouldBe(Round(2));
    }

    [Fact]
    public void A_shard_that_arrives_in_an_open_round_is_computed_for_it()
    {
        var server = CreateTestProbe();
        IActorRef worker = Hosting(server, new InlineComputePool(), 0);
        Publish(worker, server, Round(0));
        server.ExpectMsg<PushContribution>().Subtree.ShouldBe(new SubtreeId(0, 1));

        Host(worker, server, shard: 3);

        server.ExpectMsg<ShardsHosted>().Shards.ShouldBe([0, 3]);
        server.ExpectMsg<PushContribution>().Subtree.ShouldBe(new SubtreeId(3, 1));
    }

    [Fact]
    public void The_result_of_a_round_that_is_over_is_dropped()
    {
        var server = CreateTestProbe();
        using ManualComputePool pool = new(threads: 1);
        IActorRef worker = Hosting(server, pool, 0, 1);
        Publish(worker, server, Round(0));
        Publish(worker, server, Round(1));

        pool.RunNext();
        pool.RunNext();

        server.ExpectMsg<PushContribution>().Round.ShouldBe(Round(1));
    }

    [Fact]
    public void An_evaluation_is_answered_with_sums_of_doubles()
    {
        var server = CreateTestProbe();
        IActorRef worker = Hosting(server, new InlineComputePool(), 0, 1, 2, 3);

        Publish(worker, server, Round(0) with { Purpose = RoundPurpose.EvaluateValidation });

        PushContribution push = server.ExpectMsg<PushContribution>();
        push.Sum.Kind.ShouldBe(PayloadKind.Float64);
        Set.Learner.Measure(push.Sum.Doubles)["accuracy"].ShouldBe(
            EvaluationPlan.Measure(Set.Learner, Set.RentContributor(), Initial, Set.Rows.Validation, Some.Shards)["accuracy"]);
    }

    [Fact]
    public void A_state_that_is_not_finite_fails_the_round_with_the_step_and_the_worker()
    {
        var server = CreateTestProbe();
        IActorRef worker = Hosting(server, new InlineComputePool(), 0);
        NumericBuffer state = InitialState();
        state.Floats.Fill(float.NaN);

        Publish(worker, server, Round(0), state);

        ContributionFailed failed = server.ExpectMsg<ContributionFailed>();
        failed.Diverged.ShouldBeTrue();
        failed.Reason.ShouldContain("step 0");
        failed.Worker.ShouldBe(Some.Worker);
        failed.Reason.ShouldNotContain(Some.Worker.Value, Case.Sensitive, "who reports it puts the name before it");
    }

    [Fact]
    public void A_state_of_another_size_fails_the_round_and_says_what_was_wanted()
    {
        var server = CreateTestProbe();
        IActorRef worker = Hosting(server, new InlineComputePool(), 0);

        Publish(worker, server, Round(0), new NumericBuffer(NumberKind.Float32, Set.Learner.StateLength + 1));

        ContributionFailed failed = server.ExpectMsg<ContributionFailed>();
        failed.Diverged.ShouldBeFalse();
        failed.Reason.ShouldContain($"{4 * Set.Learner.StateLength} bytes");
    }

    [Fact]
    public void Compute_that_was_refused_is_no_failure_and_is_done_when_asked_again()
    {
        var server = CreateTestProbe();
        using ManualComputePool pool = new(threads: 1);
        IActorRef worker = Hosting(server, pool, 0);
        pool.Refusing = true;
        Publish(worker, server, Round(0));
        Host(worker, server, shard: 0);
        server.ExpectMsg<ShardsHosted>();

        pool.Refusing = false;
        worker.Tell(new RequestContribution(Some.Job, Round(0), [0]), server.Ref);
        pool.RunNext();

        server.ExpectMsg<PushContribution>().Round.ShouldBe(Round(0));
    }

    [Fact]
    public void Who_publishes_to_a_worker_without_shards_is_told_so()
    {
        var server = CreateTestProbe();
        IActorRef worker = Worker(new InlineComputePool());

        Publish(worker, server, Round(0, incarnation: 3));

        ShardsHosted none = server.ExpectMsg<ShardsHosted>();
        none.Shards.ShouldBeEmpty();
        none.Incarnation.ShouldBe(3);
    }

    [Fact]
    public void A_newer_parameter_server_takes_the_shards_over()
    {
        var (old, server) = (CreateTestProbe(), CreateTestProbe());
        IActorRef worker = Hosting(old, new InlineComputePool(), 0);
        Publish(worker, old, Round(5));
        old.ExpectMsg<PushContribution>();

        Host(worker, server, shard: 0, incarnation: 2);
        server.ExpectMsg<ShardsHosted>().Incarnation.ShouldBe(2);
        Publish(worker, old, Round(6));
        Publish(worker, server, Round(0, incarnation: 2));

        server.ExpectMsg<PushContribution>().Round.ShouldBe(Round(0, incarnation: 2));
        Host(worker, server, shard: 0, incarnation: 2);
        server.ExpectMsg<ShardsHosted>();
        old.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_shard_that_stopped_is_no_longer_reported_unless_it_came_back_first()
    {
        var server = CreateTestProbe();
        IActorRef worker = Hosting(server, new InlineComputePool(), 0);
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        Host(worker, server, shard: 1, dataShard: first);
        server.ExpectMsg<ShardsHosted>().Shards.ShouldBe([0, 1]);
        Host(worker, server, shard: 1, dataShard: second);
        server.ExpectMsg<ShardsHosted>().Shards.ShouldBe([0, 1]);

        worker.Tell(new ShardStopped(Some.Job, 1, first.Ref));
        worker.Tell(new ShardStopped(Some.Job, 1, second.Ref));

        server.ExpectMsg<ShardsHosted>().Shards.ShouldBe([0]);
    }

    [Fact]
    public void Closing_a_job_lets_its_shards_go_and_those_that_come_late()
    {
        var (server, shard, late) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        IActorRef worker = Worker(new InlineComputePool());
        Host(worker, server, shard: 0, dataShard: shard);
        server.ExpectMsg<ShardsHosted>();

        worker.Tell(new CloseJob(Some.Job), server.Ref);
        Host(worker, server, shard: 1, dataShard: late);

        shard.ExpectMsg<CloseJob>();
        late.ExpectMsg<CloseJob>();
        Publish(worker, server, Round(9));
        server.ExpectMsg<ShardsHosted>().Shards.ShouldBeEmpty();
    }

    [Fact]
    public void An_older_parameter_server_cannot_close_the_job()
    {
        var (old, server) = (CreateTestProbe(), CreateTestProbe());
        IActorRef worker = Hosting(old, new InlineComputePool(), 0);
        Host(worker, server, shard: 0, incarnation: 2);
        server.ExpectMsg<ShardsHosted>();

        worker.Tell(new CloseJob(Some.Job), old.Ref);
        Publish(worker, server, Round(0, incarnation: 2));

        server.ExpectMsg<PushContribution>();
    }

    [Fact]
    public void A_job_that_no_parameter_server_takes_over_is_let_go()
    {
        var (server, shard) = (CreateTestProbe(), CreateTestProbe());
        IActorRef worker = Worker(new InlineComputePool(), orphanTimeout: TimeSpan.FromMilliseconds(1));
        Host(worker, server, shard: 0, dataShard: shard);
        server.ExpectMsg<ShardsHosted>();

        Sys.Stop(server.Ref);

        shard.ExpectMsg<CloseJob>();
    }

    private IActorRef Worker(IComputePool compute, TimeSpan? orphanTimeout = null) => Sys.ActorOf(WorkerActor.CreateProps(
        new WorkerOptions(Some.Worker, orphanTimeout ?? WorkerOptions.OrphanTimeoutDefault),
        new WorkerPools(compute, new NumericBufferPool(), new DataSetCache())));

    private IActorRef Hosting(TestProbe server, IComputePool compute, params int[] shards)
    {
        IActorRef worker = Worker(compute);
        foreach (int shard in shards)
        {
            Host(worker, server, shard);
            server.ExpectMsg<ShardsHosted>();
        }
        return worker;
    }

    private static void Host(IActorRef worker, TestProbe server, int shard, long incarnation = 1, TestProbe? dataShard = null) =>
        worker.Tell(new ShardReady(Some.Job, Set.Shard(shard), dataShard?.Ref ?? ActorRefs.Nobody, server.Ref, incarnation));

    private static void Publish(IActorRef worker, TestProbe server, RoundId round, NumericBuffer? state = null)
    {
        ReadOnlyMemory<byte> bytes = (state ?? Initial).Memory;
        worker.Tell(
            new PublishState(Some.Job, round, RangeId.Whole, new TensorPayload(PayloadKind.Float32, bytes)), server.Ref);
    }

    private static RoundId Round(long ordinal, long incarnation = 1) => new(incarnation, ordinal, RoundPurpose.Train, 0, 0);

    private static byte[] Expected(Subtree subtree)
    {
        NumericBuffer sum = new(Set.Learner.Numbers, Set.Learner.ContributionLength);
        MicroBatch[] batches = [.. Enumerable.Range(subtree.First, subtree.Count).Select(
            i => Set.Batches.CreateSampler(Set.Shard(i).Training).MicroBatch(0, 0))];
        Set.Learner.CreateContributor().Contribute(Initial, batches, sum, new StepContext(0, 0, Set.Batches.StepsPerEpoch));
        return sum.Bytes.ToArray();
    }

    private static NumericBuffer InitialState()
    {
        NumericBuffer state = new(Set.Learner.Numbers, Set.Learner.StateLength);
        Set.Learner.Initialize(state, new NumericBuffer(Set.Learner.Numbers, Set.Learner.OptimizerStateLength));
        return state;
    }
}
