using Cluster.Ml.Compression;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Text.LanguageModel;
using Cluster.Ml.Text.LanguageModel;

namespace Cluster.Ml.Tests.Nn.Optimizers;

/// <summary>How large the gradient of each layer was over the steps of an epoch.</summary>
public class GradientCellsTests
{
    private const int StepsPerEpoch = 3, Features = 6, Classes = 3;

    [Fact]
    public void Norms_are_those_of_the_mean_gradient_of_each_layer_and_an_epoch_forgets_the_one_before()
    {
        LayerSpec[] layers = [new DenseOptions(9, "tanh"), new DenseOptions(4, "relu") { Frozen = true }, new DenseOptions(5, "none")];
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(layers: layers), SomeNetwork.Shape(Features, Classes), 0);
        learner.GradientLayers.ShouldBe(["layer 1 (dense 9)", "layer 3 (dense 5)", "layer 4 (dense 3)"]);
        (int First, int Count)[] blocks = [(0, 7 * 9), (7 * 9, 5 * 5), ((7 * 9) + (5 * 5), 6 * 3)];     // the frozen layer has no gradient
        NumericBuffer state = SomeNetwork.Start(learner), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        learner.GradientNorms(optimizerState).ShouldAllBe(norm => double.IsNaN(norm));

        for (int epoch = 0; epoch < 2; epoch++)
        {
            List<double[]> expected = [];
            for (int step = 0; step < StepsPerEpoch; step++)
            {
                MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(20, Features, Classes, step + (10 * epoch))), 12, 8);
                StepContext context = new((epoch * StepsPerEpoch) + step, epoch, StepsPerEpoch);
                NumericBuffer sum = SomeNetwork.Contribution(learner, state, batches, context);
                float[] gradient = sum.Floats.ToArray();
                expected.Add([.. blocks.Select(block => Math.Sqrt(gradient.Skip(block.First).Take(block.Count).Sum(g => (double)g * g)) / 20)]);
                learner.Update(state, optimizerState, sum, context);
            }
            double[] norms = learner.GradientNorms(optimizerState);
            norms.Length.ShouldBe(2 * blocks.Length);
            for (int layer = 0; layer < blocks.Length; layer++)
            {
                norms[2 * layer].ShouldBe(Math.Sqrt(expected.Average(step => step[layer] * step[layer])), 1e-6);
                norms[(2 * layer) + 1].ShouldBe(expected[^1][layer], 1e-6);
            }
        }
    }

    [Fact]
    public void Of_adversaries_each_layer_counts_the_steps_that_train_it()
    {
        JobSpec job = JobFile.Parse(
            "data: { source: none.csv }\nmodel: { kind: gan, latent: 3, generator: [ { dense: 5 } ], discriminator: [ { dense: 4 } ] }\ntraining: { batch: 8 }\n", "job.yaml", "/");
        NetworkLearner learner = NetworkLearner.Create(job, SomeNetwork.Shape(Features, 0), 0);
        NumericBuffer state = SomeNetwork.Start(learner), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        learner.GradientLayers.Count.ShouldBe(4);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(8, Features, 0)), 8);

        learner.Update(state, optimizerState, SomeNetwork.Contribution(learner, state, batches), SomeNetwork.FirstStep);      // the discriminator's turn

        double[] norms = learner.GradientNorms(optimizerState);
        norms.Count(double.IsNaN).ShouldBe(4);
        norms.Where(norm => !double.IsNaN(norm)).ShouldAllBe(norm => norm > 0);
    }

    [Fact]
    public void A_language_model_tells_the_norms_of_its_parts_as_clipping_left_them()
    {
        double[][] norms = [.. new[] { "", ", clip-norm: 0.001" }.Select(clip =>
        {
            LanguageLearner learner = SomeText.Learner(SomeText.Job("window: 3, units: 4, embedding: 2", $"batch: 2, micro-batches: 2{clip}"), 5);
            NumericBuffer state = new(NumberKind.Float32, learner.StateLength), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
            learner.Initialize(state, optimizerState);
            learner.GradientLayers.ShouldBe(["embedding", "lstm 1", "softmax"]);
            MicroBatch[] batches = SomeText.Batches(SomeText.Table(SomeText.Streams(2, 9, 5), 3), 2, 0, 2);
            learner.Update(state, optimizerState, SomeText.Contribution(learner, state, batches), new StepContext(0, 0, 10));
            return learner.GradientNorms(optimizerState);
        })];
        norms[0].ShouldAllBe(norm => norm > 0);
        Math.Sqrt(norms[1].Where((_, i) => i % 2 == 1).Sum(norm => norm * norm)).ShouldBe(0.001, 1e-7);
        for (int i = 0; i < norms[0].Length; i++) (norms[1][i] / norms[0][i]).ShouldBe(norms[1][0] / norms[0][0], 1e-5);
    }

    [Fact]
    public void Private_training_tells_none_and_local_steps_have_none()
    {
        JobSpec job = SomeNetwork.Job(privacy: new PrivacySpec(1, 1, 1e-5, null));
        NetworkLearner hidden = NetworkLearner.Create(job, SomeNetwork.Shape(Features, Classes), 1);
        hidden.GradientLayers.ShouldBeEmpty();
        hidden.GradientNorms(new NumericBuffer(NumberKind.Float32, hidden.OptimizerStateLength)).ShouldBeEmpty();

        NetworkLearner open = NetworkLearner.Create(SomeNetwork.Job(), SomeNetwork.Shape(Features, Classes), 0);
        new CompressedLearner(open, new CompressionSpec.Rounding(CompressionKind.Int8), 42).GradientLayers.ShouldBe(open.GradientLayers);
        (new LocalSgdLearner(open, 2, 4) as object).ShouldNotBeAssignableTo<IGradientNorms>();
    }
}
