using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Worker.Data;
using Cluster.Worker.Training;

namespace Cluster.Worker.Tests.Training;

public sealed class SubtreeComputationTests
{
    private static readonly JobDataSet Set = Some.DataSet();

    [Theory]
    [InlineData(1, RoundPurpose.Train)]
    [InlineData(2, RoundPurpose.Train)]
    [InlineData(4, RoundPurpose.Train)]
    [InlineData(2, RoundPurpose.EvaluateTraining)]
    [InlineData(4, RoundPurpose.EvaluateValidation)]
    [InlineData(4, RoundPurpose.EvaluateTest)]
    public void The_bits_do_not_depend_on_the_parts_or_on_their_order(int parts, RoundPurpose purpose)
    {
        byte[] whole = Compute(new PlannedSubtree(new Subtree(0, 4), 1), purpose, [0]);

        int[] backwards = [.. Enumerable.Range(0, parts).Reverse()];
        byte[] cut = Compute(new PlannedSubtree(new Subtree(0, 4), parts), purpose, backwards);

        cut.ShouldBe(whole);
        whole.ShouldContain(b => b != 0);
    }

    [Fact]
    public void Partial_sums_of_two_workers_combine_to_the_sum_of_one()
    {
        byte[] whole = Compute(new PlannedSubtree(new Subtree(0, 4), 1), RoundPurpose.Train, [0]);
        NumericBuffer left = Sum(new PlannedSubtree(new Subtree(0, 2), 1), RoundPurpose.Train, [0]);
        NumericBuffer right = Sum(new PlannedSubtree(new Subtree(2, 2), 2), RoundPurpose.Train, [1, 0]);

        Set.Learner.Combine(left, right);

        left.Bytes.ToArray().ShouldBe(whole);
    }

    [Fact]
    public void Only_the_last_part_gives_the_sum_and_the_others_buffers_go_back()
    {
        NumericBufferPool pool = new();
        SubtreeComputation computation = Computation(new PlannedSubtree(new Subtree(0, 4), 4), RoundPurpose.Train, pool);

        computation.ComputePart(2).ShouldBeNull();
        computation.ComputePart(0).ShouldBeNull();
        computation.ComputePart(3).ShouldBeNull();
        computation.ComputePart(1).ShouldNotBeNull();

        pool.Idle.ShouldBe(3);
    }

    [Fact]
    public void The_second_epochs_steps_take_its_own_batches()
    {
        long stepsPerEpoch = Set.Batches.StepsPerEpoch;
        byte[] first = Compute(new PlannedSubtree(new Subtree(0, 4), 1), new RoundId(1, 0, RoundPurpose.Train, 0, 0));
        byte[] second = Compute(new PlannedSubtree(new Subtree(0, 4), 1), new RoundId(1, 1, RoundPurpose.Train, stepsPerEpoch, 1));

        stepsPerEpoch.ShouldBeGreaterThan(1);
        second.ShouldNotBe(first, "another epoch is another order");
    }

    private static byte[] Compute(PlannedSubtree planned, RoundPurpose purpose, int[] order) => Sum(planned, purpose, order).Bytes.ToArray();

    private static byte[] Compute(PlannedSubtree planned, RoundId round) =>
        Computation(planned, round, new NumericBufferPool()).ComputePart(0)!.Bytes.ToArray();

    private static NumericBuffer Sum(PlannedSubtree planned, RoundPurpose purpose, int[] order)
    {
        SubtreeComputation computation = Computation(planned, purpose, new NumericBufferPool());
        NumericBuffer? sum = null;
        foreach (int part in order) sum = computation.ComputePart(part);
        return sum.ShouldNotBeNull();
    }

    private static SubtreeComputation Computation(PlannedSubtree planned, RoundPurpose purpose, NumericBufferPool pool) =>
        Computation(planned, new RoundId(1, 0, purpose, 0, 0), pool);

    private static SubtreeComputation Computation(PlannedSubtree planned, RoundId round, NumericBufferPool pool)
    {
        HostedJob owner = new(Some.Job, Set, pool);
        ShardSampler[] samplers = [.. Enumerable.Range(planned.Subtree.First, planned.Subtree.Count).Select(
            shard => Set.Batches.CreateSampler(Set.Shard(shard).Training))];
        NumericBuffer state = new(Set.Learner.Numbers, Set.Learner.StateLength);
        NumericBuffer optimizerState = new(Set.Learner.Numbers, Set.Learner.OptimizerStateLength);
        Set.Learner.Initialize(state, optimizerState);
        return new SubtreeComputation(owner, Set, samplers, residuals: null, round, state, planned, pool);
    }
}
