using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Numerics;

namespace Cluster.Ml.Tests.Nn;

/// <summary>A step of each kind of layer allocates nothing, however many micro-batches and rows it has, once one as large has been taken.</summary>
public sealed class StepAllocationTests
{
    private const int Rows = 40, Side = 6;

    [Theory]
    [InlineData("{ dense: 20, activation: tanh }")]
    [InlineData("{ dropout: 0.3 }, { dense: 20 }, { dropout: 0.5 }")]
    [InlineData("{ dense: 20, activation: none }, { activate: softmax }")]
    [InlineData("{ embedding: 7, tokens: 9 }, { flatten: true }")]
    [InlineData("{ embedding: 7, tokens: 9 }, { lstm: 11 }")]
    [InlineData("{ lstm: 11, time: 6 }")]
    [InlineData("{ lstm: 11, time: 6, output: all }, { flatten: true }")]
    [InlineData("{ rnn: 11, time: 6 }")]
    [InlineData("{ rnn: 11, time: 6, output: all }, { lstm: 5 }")]
    [InlineData("{ reshape: [ 6, 6, 1 ] }, { conv: 4, size: 3 }, { max-pool: 2 }, { flatten: true }")]
    [InlineData("{ reshape: [ 6, 6, 1 ] }, { conv: 4, size: 3, padding: same }, { average-pool: 3, stride: 2, padding: same }, { flatten: true }")]
    [InlineData("{ reshape: [ 6, 6, 1 ] }, { inception: [ 2, 2, 3, 1, 2, 2 ] }, { flatten: true }")]
    [InlineData("{ reshape: [ 6, 6, 1 ] }, { conv: 3, size: 1 }, { residual: 3 }, { residual: 4, stride: 2 }, { flatten: true }")]
    public void A_step_of_a_network_allocates_nothing(string layers)
    {
        JobSpec job = JobFile.Parse(
            $"data: {{ source: none.csv }}\nmodel: {{ kind: mlp, layers: [ {layers} ] }}\ntraining: {{ optimizer: {{ adam: {{ rate: 0.001 }} }}, clip-norm: 1 }}", "job.yaml", "/");
        NetworkLearner learner = NetworkLearner.Create(job, SomeNetwork.Shape(Side * Side, 3), 0);
        NumericBuffer state = SomeNetwork.Start(learner), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength), sum = new(NumberKind.Float32, learner.ContributionLength);
        TrainingShard shard = SomeNetwork.Shard(Tokens());
        MicroBatch[] large = SomeNetwork.Batches(shard, 9, 0, 14, 17), small = SomeNetwork.Batches(shard, 3), wide = SomeNetwork.Batches(shard, 1, 1, 1, 1, 1, 1, 1, 1);
        IContributor contributor = learner.CreateContributor();
        void Step(MicroBatch[] batches)
        {
            contributor.Contribute(state, batches, sum, SomeNetwork.FirstStep);
            learner.Update(state, optimizerState, sum, SomeNetwork.FirstStep);
        }

        Allocations.Least(() =>
        {
            Step(small);
            Step(large);
            Step(wide);
        }).ShouldBe(0);
    }

    /// <summary>Whole numbers below 9: tokens for an embedding, and as good as any numbers for the others.</summary>
    private static RowTable Tokens()
    {
        NumericBuffer features = new(NumberKind.Float32, Rows * Side * Side);
        for (int i = 0; i < features.Length; i++) features.Floats[i] = ((i * i) + (i / 7)) % 9;
        return new RowTable(features, Side * Side, [.. Enumerable.Range(0, Rows).Select(i => (double)(i % 3))]);
    }
}
