using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;
using Cluster.Ml.Randomness;
using Cluster.Ml.Tests.Privacy;

namespace Cluster.Ml.Tests.Nn;

public class PrivateTrainingTests
{
    [Theory]
    [InlineData("mlp", 3, 0.0, 1.0, new[] { 7, 0, 1, 5 })]
    [InlineData("mlp", 3, 0.4, 0.05, new[] { 16 })]
    [InlineData("mlp", 0, 0.0, 2.0, new[] { 1 })]
    [InlineData("softmax", 5, 0.0, 1.5, new[] { 9, 9 })]
    [InlineData("logistic", 2, 0.0, 0.7, new[] { 0, 4 })]
    public void Ghost_norms_clip_as_materialised_gradients_would(string kind, int classes, double rate, double clip, int[] sizes)
    {
        const int features = 11;
        LayerSpec[] hidden = rate > 0
            ? [new DenseOptions(17, "relu"), new DropoutOptions(rate), new DenseOptions(6, "tanh")]
            : [new DenseOptions(17, "relu"), new DenseOptions(6, "tanh")];
        (NetworkLearner open, NetworkLearner guarded) = Pair(kind, hidden, features, classes, clip);
        NumericBuffer state = SomeNetwork.Start(open, 0.3);
        TrainingShard shard = SomeNetwork.Shard(SomeNetwork.Rows(40, features, classes));

        ShouldClipAsMaterialised(open, guarded, state, shard, clip, sizes);
    }

    [Theory]
    [InlineData("lstm", 4, true, 0.5)]
    [InlineData("lstm", 12, false, 0.2)]
    [InlineData("rnn", 6, false, 0.2)]
    [InlineData("rnn", 3, true, 0.5)]
    public void Ghost_norms_of_recurrent_layers_clip_as_materialised_gradients_would(string cell, int time, bool all, double clip)
    {
        LayerSpec[] hidden = [new RecurrentOptions(cell, 5, time, All: true), new RecurrentOptions(cell, 3, time, all), new FlattenOptions(), new DenseOptions(4, "tanh")];
        (NetworkLearner open, NetworkLearner guarded) = Pair("mlp", hidden, 12, 3, clip);
        ShouldClipAsMaterialised(open, guarded, SomeNetwork.Start(open, 0.3), SomeNetwork.Shard(SomeNetwork.Rows(20, 12, 3)), clip, [7, 0, 1, 5]);
    }

    [Theory]
    [InlineData(3, 1.0)]
    [InlineData(50, 0.3)]
    public void Ghost_norms_of_embeddings_clip_as_materialised_gradients_would(int tokens, double clip)
    {
        const int places = 9;
        LayerSpec[] hidden = [new EmbeddingOptions(4, tokens), new RecurrentOptions("lstm", 5, places, All: false)];
        (NetworkLearner open, NetworkLearner guarded) = Pair("mlp", hidden, places, 3, clip);
        NumericBuffer text = new(NumberKind.Float32, 20 * places);
        RandomStream stream = RandomStream.At(5, RandomPurpose.Augment, 1);
        for (int i = 0; i < text.Length; i++) text.Floats[i] = stream.Next(tokens);
        RowTable table = new(text, places, [.. Enumerable.Range(0, 20).Select(i => (double)(i % 3))]);
        ShouldClipAsMaterialised(open, guarded, SomeNetwork.Start(open, 0.3), SomeNetwork.Shard(table), clip, [7, 0, 1, 5]);
    }

    [Fact]
    public void No_example_weighs_more_than_the_clipping_norm()
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job("softmax", privacy: new PrivacySpec(0.25, 1, 1e-5, null)), SomeNetwork.Shape(5, 3), 1);
        TrainingShard shard = SomeNetwork.Shard(SomeNetwork.Rows(30, 5, 3));
        for (int row = 0; row < 30; row++)
        {
            ReadOnlySpan<float> one = SomeNetwork.Contribution(learner, SomeNetwork.Start(learner), [new MicroBatch(shard, new[] { row })]).Floats[..learner.StateLength];
            double norm = Math.Sqrt(one.ToArray().Sum(g => (double)g * g));
            norm.ShouldBe(0.25, 1e-6);
        }
    }

    [Fact]
    public void A_gradient_of_zero_norm_stays_zero()
    {
        NetworkLearner learner = NetworkLearner.Create(
            SomeNetwork.Job("mlp", [], privacy: new PrivacySpec(1, 1, 1e-5, null)), SomeNetwork.Shape(3, 0), 1);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength);
        RowTable table = new(new NumericBuffer(NumberKind.Float32, 6), 3, [0, 0]);        // predicts 0, is 0: no error at all
        float[] gradient = SomeNetwork.Contribution(learner, state, SomeNetwork.Batches(SomeNetwork.Shard(table), 2)).Floats[..state.Length].ToArray();
        gradient.ShouldAllBe(g => g == 0);
    }

    [Fact]
    public void An_update_adds_keyed_noise_and_divides_by_the_configured_batch()
    {
        const double clip = 0.5, sigma = 1.25, rate = 0.5;
        const int batch = 64, drawn = 10;
        NetworkLearner learner = NetworkLearner.Create(
            SomeNetwork.Job("softmax", privacy: new PrivacySpec(clip, null, 1e-5, null), batch: batch, optimizer: new SgdOptions { Rate = rate }),
            SomeNetwork.Shape(400, 7), sigma, SomeSecret.One);
        NumericBuffer state = SomeNetwork.Start(learner), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        NumericBuffer sum = SomeNetwork.Contribution(learner, state, SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(drawn, 400, 7)), drawn));
        float[] before = sum.Floats.ToArray();

        UpdateOutcome outcome = learner.Update(state, optimizerState, sum, new StepContext(3, 0, 10));

        float[] noisy = new float[learner.StateLength];
        new FixedPointNoise(clip, sigma, noisy.Length).Add(before.AsSpan(0, noisy.Length), noisy, SomeSecret.One, 3, 0);
        for (int i = 0; i < noisy.Length; i++) ((double)state.Floats[i]).ShouldBe(-rate * noisy[i] / batch, 1e-8);
        outcome.Examples.ShouldBe(drawn);
        sum.Floats.ToArray().ShouldBe(before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_clipping_norm_of_the_state_clips_scales_the_noise_and_is_moved_by_the_count(bool inPlace)
    {
        const double sigma = 1.25, rate = 0.5, deviation = 3;
        const int batch = 64, drawn = 10;
        JobSpec job = SomeNetwork.Job(
            "softmax", privacy: new PrivacySpec(0.5, null, 1e-5, null) { ClipQuantile = 0.7, ClipNoise = deviation }, batch: batch, optimizer: new SgdOptions { Rate = rate });
        NetworkLearner learner = NetworkLearner.Create(job, SomeNetwork.Shape(400, 7), sigma, SomeSecret.One);
        NumericBuffer before = SomeNetwork.Start(learner), after = inPlace ? before : new(NumberKind.Float32, learner.StateLength);
        before.Floats[^1].ShouldBe(0.5f);
        MicroBatch[] rows = SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(drawn, 400, 7)), 3, 1, 4, 2);
        NetworkLearner open = NetworkLearner.Create(SomeNetwork.Job("softmax"), SomeNetwork.Shape(400, 7), 0);
        NumericBuffer zeros = new(NumberKind.Float32, open.StateLength);
        double[] norms = [.. Enumerable.Range(0, drawn).Select(row =>
            Math.Sqrt(SomeNetwork.Contribution(open, zeros, [new MicroBatch(rows[0].Shard, new[] { row })]).Floats[..zeros.Length].ToArray().Sum(g => (double)g * g))).Order()];
        float clip = (float)((norms[2] + norms[3]) / 2);
        before.Floats[^1] = clip;
        NumericBuffer sum = SomeNetwork.Contribution(learner, before, rows);
        int gradients = learner.StateLength - 1;
        sum.Floats[gradients].ShouldBe(3 - (drawn / 2f));

        ((IRangedLearner)learner).Update(new UpdateBuffers(before, after, new NumericBuffer(NumberKind.Float32, 0), sum), new StepContext(3, 0, 10), PartsInTurn.Instance);

        double ofSum = 1 / Math.Sqrt((1 / (sigma * sigma)) - (1 / (4 * deviation * deviation)));
        float[] noisy = new float[gradients];
        new FixedPointNoise(clip, ofSum, gradients).Add(sum.Floats[..gradients], noisy, SomeSecret.One, 3, 0);
        for (int i = 0; i < gradients; i++) ((double)after.Floats[i]).ShouldBe(-rate * noisy[i] / batch, 1e-6);
        after.Floats[^1].ShouldBe(AdaptiveClip.Of(job)!.Next(clip, sum.Floats[gradients], SomeSecret.One, 3, gradients));
        after.Floats[^1].ShouldNotBe(clip);
    }

    [Fact]
    public void A_step_that_drew_nobody_still_adds_its_noise()
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job("softmax", privacy: new PrivacySpec(1, 1, 1e-5, null)), SomeNetwork.Shape(4, 3), 1, SomeSecret.One);
        NumericBuffer state = SomeNetwork.Start(learner), sum = new(NumberKind.Float32, learner.ContributionLength);
        UpdateOutcome outcome = learner.Update(state, new NumericBuffer(NumberKind.Float32, 0), sum, SomeNetwork.FirstStep);
        state.Floats.ToArray().ShouldAllBe(w => w != 0);
        outcome.ShouldBe(new UpdateOutcome(false, 0, 0));
    }

    [Fact]
    public void Without_a_secret_no_private_step_is_taken()
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job("softmax", privacy: new PrivacySpec(1, 1, 1e-5, null)), SomeNetwork.Shape(4, 3), 1);
        NumericBuffer state = SomeNetwork.Start(learner), sum = new(NumberKind.Float32, learner.ContributionLength);
        Should.Throw<InvalidOperationException>(() => learner.Update(state, new NumericBuffer(NumberKind.Float32, 0), sum, SomeNetwork.FirstStep));
    }

    private static (NetworkLearner Open, NetworkLearner Guarded) Pair(string kind, LayerSpec[] hidden, int features, int classes, double clip) => (
        NetworkLearner.Create(SomeNetwork.Job(kind, hidden), SomeNetwork.Shape(features, classes), 0),
        NetworkLearner.Create(SomeNetwork.Job(kind, hidden, privacy: new PrivacySpec(clip, 1, 1e-5, null)), SomeNetwork.Shape(features, classes), 1));

    private static void ShouldClipAsMaterialised(
        NetworkLearner open, NetworkLearner guarded, NumericBuffer state, TrainingShard shard, double clip, int[] sizes)
    {
        NumericBuffer actual = SomeNetwork.Contribution(guarded, state, SomeNetwork.Batches(shard, sizes));
        double[] expected = new double[state.Length];
        int clipped = 0;
        for (int row = 0; row < sizes.Sum(); row++)
        {
            float[] one = SomeNetwork.Contribution(open, state, [new MicroBatch(shard, new[] { row })]).Floats[..state.Length].ToArray();
            double norm = Math.Sqrt(one.Sum(g => (double)g * g)), factor = Math.Min(1, clip / norm);
            if (factor < 1) clipped++;
            for (int i = 0; i < one.Length; i++) expected[i] += factor * one[i];
        }

        clipped.ShouldBeGreaterThan(0);
        double size = Math.Sqrt(expected.Sum(g => g * g));
        for (int i = 0; i < expected.Length; i++) ((double)actual.Floats[i]).ShouldBe(expected[i], 1e-5 * size, $"parameter {i}");
    }
}
