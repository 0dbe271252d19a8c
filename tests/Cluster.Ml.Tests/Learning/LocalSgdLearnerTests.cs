using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Learning;

public sealed class LocalSgdLearnerTests : IDisposable
{
    private readonly SyntheticRows _rows = new(200);

    public void Dispose() => _rows.Dispose();

    // With one micro-batch nothing is averaged: H local steps are H ordinary ones.
    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void One_micro_batch_takes_the_steps_of_plain_sgd(int steps)
    {
        TrainedModel plain = Train(batch: 5, microBatches: 1, "synchronous");

        TrainedModel local = Train(batch: 5, microBatches: 1, $"{{ local-sgd: {{ steps: {steps} }} }}");

        Distance(plain, local).ShouldBeLessThan(1e-5);
        local.Steps.ShouldBe(3 * (long)Math.Ceiling(plain.Steps / 3.0 / steps));
    }

    // The mean of one step each from the same state is one step along the mean gradient, if all have as many rows.
    [Fact]
    public void One_local_step_each_is_a_step_of_plain_sgd_with_the_whole_batch()
    {
        TrainedModel plain = Train(batch: 20, microBatches: 4, "synchronous");

        TrainedModel local = Train(batch: 20, microBatches: 4, "{ local-sgd: { steps: 1 } }");

        Distance(plain, local).ShouldBeLessThan(1e-5);
        local.Sha256.ShouldNotBe(plain.Sha256, "a mean of states is rounded otherwise than a mean of gradients");
    }

    [Fact]
    public void More_local_steps_are_another_model_that_learns_as_well()
    {
        TrainedModel one = Train(batch: 20, microBatches: 4, "{ local-sgd: { steps: 1 } }");

        TrainedModel many = Train(batch: 20, microBatches: 4, "{ local-sgd: { steps: 4 } }");

        Distance(one, many).ShouldBeGreaterThan(1e-4);
        many.Training["log-loss"]!.Value.ShouldBe(one.Training["log-loss"]!.Value, 0.05);
    }

    [Fact]
    public void A_micro_batch_without_rows_is_not_averaged()
    {
        JobSpec job = Job(batch: 20, microBatches: 4, "{ local-sgd: { steps: 2 } }");
        PreparedData data = PreparedData.Load(job, NumberKind.Float32);
        ILearner learner = Learners.Create(job, data.Shape);
        (NumericBuffer state, NumericBuffer sum, NumericBuffer none) =
            (new(learner.Numbers, learner.StateLength), new(learner.Numbers, learner.ContributionLength), new(learner.Numbers, 0));
        learner.Initialize(state, none);
        MicroBatch rows = BatchPlan.For(job, data.Shape.TrainingExamples, false).CreateSampler(data.Shard(0, 4)).MicroBatch(0, 0);
        MicroBatch empty = rows with { Positions = ReadOnlyMemory<int>.Empty };
        StepContext step = new(0, 0, 10);

        learner.CreateContributor().Contribute(state, new[] { rows, empty }, sum, step);
        float[] alone = [.. sum.Floats[..learner.StateLength]];

        sum.Floats[learner.StateLength].ShouldBe(1);
        sum.Floats[^2].ShouldBe(rows.Count);
        float before = state.Floats[0];
        learner.Update(state, none, sum, step);
        state.Floats[0].ShouldBe(before + alone[0]);
    }

    private TrainedModel Train(int batch, int microBatches, string mode)
    {
        JobSpec job = Job(batch, microBatches, mode);
        return SequentialTrainer.Train(job, PreparedData.Load(job, NumberKind.Float32));
    }

    private JobSpec Job(int batch, int microBatches, string mode) => JobFile.Parse(
        $$"""
        data: { source: '{{_rows.Source}}', target: kind, ignore: [half, value], scale: standard, split: { train: 1, stratify: false } }
        model: { kind: softmax }
        training: { epochs: 3, batch: {{batch}}, micro-batches: {{microBatches}}, optimizer: { sgd: { rate: 0.2 } }, mode: {{mode}} }
        """, "rows.yaml", "/");

    private static double Distance(TrainedModel one, TrainedModel other)
    {
        double most = 0;
        for (int i = 0; i < one.State.Length; i++) most = Math.Max(most, Math.Abs(one.State.Floats[i] - other.State.Floats[i]));
        return most;
    }
}
