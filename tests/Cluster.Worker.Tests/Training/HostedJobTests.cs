using Cluster.Messages;
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
    // Wide enough for a state and a contribution of several blocks.
    private static readonly JobDataSet Wide = Some.DataSet(Some.JobText.Replace(
        "{ kind: softmax }", "{ kind: mlp, layers: [ { dense: 512, activation: relu }, { dense: 256, activation: relu } ] }", StringComparison.Ordinal));

    private static readonly JobDataSet Carrying = Some.DataSet(Some.JobText.Replace(
        "batch: 8", "batch: 4\n  compression: { top-k: 0.2, window: 8 }", StringComparison.Ordinal));

    private readonly NumericBufferPool _buffers = new();

    [Fact]
    public void A_state_of_several_blocks_is_computed_when_the_last_has_come_in_whatever_order()
    {
        HostedJob job = Hosting();
        PublishState[] blocks = BlocksOf(State(), Round(0));
        blocks.Length.ShouldBeGreaterThan(1);

        foreach (PublishState block in blocks.Skip(1).Append(blocks[1]))
        {
            job.OnBlock(block, ActorRefs.Nobody).ShouldBeNull();
            job.NextComputations(1).ShouldBeEmpty();
        }
        job.OnBlock(blocks[0], ActorRefs.Nobody).ShouldBeNull();

        job.NextComputations(1).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_state_that_came_as_bytes_gives_the_same_sum_as_one_of_this_process()
    {
        NumericBuffer state = State();
        byte[] shared = Compute(Hosting(), BlocksOf(state, Round(0)));

        byte[] copied = Compute(Hosting(), [.. BlocksOf(state, Round(0)).Select(AsReceived)]);

        copied.ShouldBe(shared);
    }

    [Fact]
    public void A_sum_is_sent_in_blocks_that_put_together_are_the_sum()
    {
        HostedJob job = Hosting();
        foreach (PublishState block in BlocksOf(State(), Round(0))) job.OnBlock(block, ActorRefs.Nobody);
        SubtreeComputation computation = job.NextComputations(1).ShouldHaveSingleItem();
        NumericBuffer sum = computation.ComputePart(0)!;

        BlockAssembly assembly = new();
        PushContribution[] blocks = [.. computation.BlocksOf(sum, Some.Worker)];
        foreach (PushContribution block in blocks) assembly.Add(block.Block, block.Sum);

        blocks.Length.ShouldBeGreaterThan(1);
        NumericBuffer.Over(NumberKind.Float32, assembly.Vector.Bytes).ShouldBeSameAs(sum);
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

        foreach (PublishState block in BlocksOf(state, Round(1, step: 1))) job.OnBlock(block, ActorRefs.Nobody);

        job.SetAsideLost().ShouldBe([2]);
        job.NextComputations(1).Select(computation => computation.Planned.Subtree).ShouldBe([new(0, 2), new(3, 1)]);
    }

    [Fact]
    public void At_the_beginning_of_a_window_nothing_can_be_lost()
    {
        HostedJob job = Hosting(Carrying);
        foreach (long step in new[] { 0, 2 })
        {
            foreach (PublishState block in BlocksOf(State(Carrying), Round(step, step))) job.OnBlock(block, ActorRefs.Nobody);
            job.SetAsideLost().ShouldBeEmpty();
        }
    }

    private HostedJob Hosting(JobDataSet? set = null)
    {
        HostedJob job = new(Some.Job, set ?? Wide, _buffers);
        for (int shard = 0; shard < Some.Shards; shard++)
            job.OnShardReady(new ShardReady(Some.Job, job.Set.Shard(shard), ActorRefs.Nobody, ActorRefs.Nobody, 1));
        return job;
    }

    private void Return(NumericBuffer sum) => _buffers.Return(sum);

    private static byte[] Compute(HostedJob job, PublishState[] blocks)
    {
        foreach (PublishState block in blocks) job.OnBlock(block, ActorRefs.Nobody).ShouldBeNull();
        return job.NextComputations(1).ShouldHaveSingleItem().ComputePart(0)!.Bytes.ToArray();
    }

    private static NumericBuffer RunRound(HostedJob job, NumericBuffer state, int ordinal, long step = 0)
    {
        foreach (PublishState block in BlocksOf(state, Round(ordinal, step))) job.OnBlock(block, ActorRefs.Nobody);
        SubtreeComputation computation = job.NextComputations(1)[0];
        NumericBuffer sum = computation.ComputePart(0)!;
        job.Rounds.OnPartReturned();
        job.Rounds.OnSubtreeDone(computation.Round, computation.Planned.Subtree);
        return sum;
    }

    private static PublishState[] BlocksOf(NumericBuffer state, RoundId round)
    {
        ReadOnlyMemory<byte> bytes = state.Memory;
        PublishState[] blocks = new PublishState[Blocks.Count(bytes.Length)];
        for (int i = 0; i < blocks.Length; i++)
            blocks[i] = new PublishState(Some.Job, round, RangeId.Whole, Blocks.Id(bytes.Length, i), Blocks.Slice(PayloadKind.Float32, bytes, i));
        return blocks;
    }

    private static PublishState AsReceived(PublishState block) =>
        block with { State = block.State with { Bytes = block.State.Bytes.ToArray() } };

    private static RoundId Round(long ordinal, long step = 0) => new(1, ordinal, RoundPurpose.Train, step, 0);

    private static NumericBuffer State(JobDataSet? set = null)
    {
        ILearner learner = (set ?? Wide).Learner;
        NumericBuffer state = new(learner.Numbers, learner.StateLength);
        learner.Initialize(state, new NumericBuffer(learner.Numbers, learner.OptimizerStateLength));
        return state;
    }
}
