using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Worker.Data;
using Cluster.Worker.Shards;
using Cluster.Worker.Training;

namespace Cluster.Worker.Tests.Training;

public sealed class HostedJobTests
{
    // Too wide for a state or a contribution to travel within a message.
    private static readonly JobDataSet Wide = Some.DataSet(Some.JobText.Replace(
        "{ kind: softmax }", "{ kind: mlp, layers: [ { dense: 512, activation: relu }, { dense: 256, activation: relu } ] }", StringComparison.Ordinal));

    private static readonly JobDataSet Carrying = Some.DataSet(Some.JobText.Replace(
        "batch: 8", "batch: 4\n  compression: { top-k: 0.2, window: 8 }", StringComparison.Ordinal));

    private readonly NumericBufferPool _buffers = new();

    [Fact]
    public void A_state_of_another_node_comes_into_its_place_and_is_computed_when_it_is_there()
    {
        FakePlaces places = new();
        HostedJob job = Hosting(places: places);
        NumericBuffer state = State();

        job.OnState(Elsewhere(state, Round(0)), ActorRefs.Nobody).ShouldBeNull();
        job.OnState(Elsewhere(state, Round(0)), ActorRefs.Nobody).ShouldBeNull();
        job.NextComputations(1).ShouldBeEmpty();
        job.OnState((PublishState)places.Arrive(state.Memory), ActorRefs.Nobody).ShouldBeNull();

        SubtreeComputation computation = job.NextComputations(1).ShouldHaveSingleItem();
        computation.ComputePart(0)!.Bytes.ToArray().ShouldBe(Compute(Hosting(), Publication(state, Round(0))));
        places.Opened.ShouldBe(1);
    }

    [Fact]
    public void Numbers_for_a_place_that_was_given_up_are_not_taken_for_the_next()
    {
        FakePlaces places = new();
        HostedJob job = Hosting(places: places);
        NumericBuffer state = State();
        job.OnState(Elsewhere(state, Round(0), stream: 1), ActorRefs.Nobody);
        object late = places.Arrive(state.Memory);

        job.OnState(Elsewhere(state, Round(1), stream: 2), ActorRefs.Nobody);
        job.OnState(((PublishState)late) with { Round = Round(1) }, ActorRefs.Nobody);

        job.NextComputations(1).ShouldBeEmpty();
        places.Forgotten.ShouldBe(1);
    }

    [Fact]
    public void A_state_of_another_length_or_kind_is_refused_before_it_has_a_place()
    {
        FakePlaces places = new();
        HostedJob job = Hosting(places: places);
        PublishState state = Elsewhere(State(), Round(0));

        job.OnState(state with { State = state.State with { Handle = state.State.Handle! with { Bytes = 8 } } }, ActorRefs.Nobody).ShouldNotBeNull().ShouldContain("got 8");

        places.Opened.ShouldBe(0);
    }

    [Fact]
    public void A_state_that_came_as_bytes_gives_the_same_sum_as_one_of_this_process()
    {
        NumericBuffer state = State();
        byte[] shared = Compute(Hosting(), Publication(state, Round(0)));

        byte[] copied = Compute(Hosting(), AsReceived(Publication(state, Round(0))));

        copied.ShouldBe(shared);
    }

    [Fact]
    public void A_sum_is_sent_as_the_buffer_that_it_lies_in()
    {
        HostedJob job = Hosting();
        job.OnState(Publication(State(), Round(0)), ActorRefs.Nobody);
        SubtreeComputation computation = job.NextComputations(1).ShouldHaveSingleItem();
        NumericBuffer sum = computation.ComputePart(0)!;

        PushContribution push = job.MessagesOf(computation, sum, Some.Worker).ShouldHaveSingleItem().Push;

        NumericBuffer.Over(NumberKind.Float32, push.Sum.Bytes).ShouldBeSameAs(sum);
    }

    [Fact]
    public void A_steady_round_allocates_little_however_long_the_state()
    {
        HostedJob job = Hosting();
        NumericBuffer state = State();
        for (int ordinal = 0; ordinal < 10; ordinal++) Return(RunRound(job, state, ordinal));

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int ordinal = 10; ordinal < 110; ordinal++) Return(RunRound(job, state, ordinal));
        long bytesPerRound = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;

        state.Bytes.Length.ShouldBeGreaterThan(500_000);
        bytesPerRound.ShouldBeLessThan(4096);
    }

    // Steps of an epoch: 0, 1 and 2; the last is a window of its own.
    [Fact]
    public void A_residual_is_here_for_the_step_after_the_last_and_for_the_same_step_again()
    {
        HostedJob job = Hosting(Carrying);
        NumericBuffer state = State(Carrying);
        byte[] first = RunRound(job, state, 0, step: 0).Bytes.ToArray();

        byte[] second = RunRound(job, state, 1, step: 1).Bytes.ToArray();
        byte[] again = RunRound(job, state, 2, step: 1).Bytes.ToArray();
        byte[] begun = RunRound(job, state, 3, step: 0).Bytes.ToArray();

        again.ShouldBe(second);
        begun.ShouldBe(first);
    }

    [Fact]
    public void A_shard_that_comes_within_a_window_has_lost_its_residual_and_the_others_go_on()
    {
        HostedJob job = Hosting(Carrying);
        NumericBuffer state = State(Carrying);
        Return(RunRound(job, state, 0, step: 0));
        ShardReady moved = new(Some.Job, Carrying.Shard(2), ActorRefs.Nobody, ActorRefs.Nobody, 1);
        job.OnShardStopped(new ShardStopped(Some.Job, 2, ActorRefs.Nobody));
        job.OnShardReady(moved);

        job.OnState(Publication(state, Round(1, step: 1)), ActorRefs.Nobody);

        job.SetAsideLost().ShouldBe([2]);
        job.NextComputations(1).Select(computation => computation.Planned.Subtree).ShouldBe([new(0, 2), new(3, 1)]);
    }

    [Fact]
    public void At_the_beginning_of_a_window_nothing_can_be_lost()
    {
        HostedJob job = Hosting(Carrying);
        foreach (long step in new[] { 0, 2 })
        {
            job.OnState(Publication(State(Carrying), Round(step, step)), ActorRefs.Nobody);
            job.SetAsideLost().ShouldBeEmpty();
        }
    }

    private HostedJob Hosting(JobDataSet? set = null, IVectorPlaces? places = null)
    {
        HostedJob job = new(Some.Job, set ?? Wide, _buffers, places: places);
        for (int shard = 0; shard < Some.Shards; shard++)
            job.OnShardReady(new ShardReady(Some.Job, job.Set.Shard(shard), ActorRefs.Nobody, ActorRefs.Nobody, 1));
        return job;
    }

    private void Return(NumericBuffer sum) => _buffers.Return(sum);

    private static byte[] Compute(HostedJob job, PublishState state)
    {
        job.OnState(state, ActorRefs.Nobody).ShouldBeNull();
        return job.NextComputations(1).ShouldHaveSingleItem().ComputePart(0)!.Bytes.ToArray();
    }

    private static NumericBuffer RunRound(HostedJob job, NumericBuffer state, int ordinal, long step = 0)
    {
        job.OnState(Publication(state, Round(ordinal, step)), ActorRefs.Nobody);
        SubtreeComputation computation = job.NextComputations(1)[0];
        NumericBuffer sum = computation.ComputePart(0)!;
        job.Rounds.OnPartReturned();
        job.Rounds.OnSubtreeDone(computation.Round, computation.Planned.Subtree);
        return sum;
    }

    private static PublishState Publication(NumericBuffer state, RoundId round) =>
        new(Some.Job, round, RangeId.Whole, new TensorPayload(PayloadKind.Float32, state.Memory));

    private static PublishState Elsewhere(NumericBuffer state, RoundId round, long stream = 1) => new(
        Some.Job, round, RangeId.Whole,
        new TensorPayload(PayloadKind.Float32, default, new VectorHandle(new DataPeer("node#1", "node"), new VectorKey(stream, 1, round.Ordinal), state.Bytes.Length)));

    private static PublishState AsReceived(PublishState publish) =>
        publish with { State = publish.State with { Bytes = publish.State.Bytes.ToArray() } };

    private static RoundId Round(long ordinal, long step = 0) => new(1, ordinal, RoundPurpose.Train, step, 0);

    private static NumericBuffer State(JobDataSet? set = null)
    {
        ILearner learner = (set ?? Wide).Learner;
        NumericBuffer state = new(learner.Numbers, learner.StateLength);
        learner.Initialize(state, new NumericBuffer(learner.Numbers, learner.OptimizerStateLength));
        return state;
    }
}
