using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Learning.Ranges;

public class RangedUpdateTests
{
    private const int Features = 40;
    private const string Layers = "layers: [ { dense: 60, activation: tanh }, { dense: 30 } ]";

    /// <summary>Each is kept in cells of 1024 parameters that begin and end in the middle of layers, weights and biases.</summary>
    public static TheoryData<string, string> Jobs => new()
    {
        { $"kind: mlp, {Layers}", "optimizer: { sgd: { rate: 0.1 } }" },
        { $"kind: mlp, {Layers}", "optimizer: { sgd: { rate: 0.1, momentum: 0.9 } }, regularize: { l1: 0.001, l2: 0.01 }" },
        { $"kind: mlp, {Layers}", "optimizer: { sgd: { rate: 0.1, momentum: 0.9, nesterov: true } }, schedule: { cosine: { minimum: 0.1 }, warm-up: 2 }" },
        { $"kind: mlp, {Layers}", "optimizer: { adam: { rate: 0.01 } }, clip-norm: 0.5" },
        { $"kind: mlp, {Layers}", "optimizer: { rmsprop: { rate: 0.01, momentum: 0.5 } }, clip-value: 0.01" },
        { $"kind: mlp, {Layers}", "optimizer: { adadelta: { rate: 1 } }, clip-norm: 100" },
        { "kind: mlp, layers: [ { dense: 60 }, { dense: 50, frozen: true }, { dense: 40 } ]", "optimizer: { adam: { rate: 0.01 } }, clip-norm: 0.5" },
        { "kind: softmax", "optimizer: { sgd: { rate: 0.1 } }" },
        { "kind: vae, latent: 4, encoder: [ { dense: 30 } ], decoder: [ { dense: 30 } ], likelihood: gaussian", "optimizer: { adam: { rate: 0.01 } }" },
        { "kind: gan, latent: 4, generator: [ { dense: 50 } ], discriminator: [ { dense: 60 } ], likelihood: gaussian", "optimizer: { adam: { rate: 0.01 } }, clip-norm: 0.5" },
        { $"kind: mlp, {Layers}", "optimizer: { sgd: { rate: 0.1, momentum: 0.5 } }, mode: { local-sgd: { steps: 2 } }" },
    };

    [Theory]
    [MemberData(nameof(Jobs))]
    public void However_the_state_is_cut_every_bit_is_that_of_the_whole_update(string model, string training) =>
        ShouldBeTheWholeUpdate(Learner($"model: {{ {model} }}\ntraining: {{ batch: 32, {training} }}\n"));

    [Fact]
    public void Private_noise_belongs_to_the_parameter_wherever_it_is_kept() =>
        ShouldBeTheWholeUpdate(Learner($"model: {{ kind: mlp, {Layers} }}\ntraining: {{ batch: 32 }}\nprivacy: {{ clip: 1.0, noise: 1.3 }}\n"));

    [Fact]
    public void What_the_streams_of_a_text_carry_goes_with_the_last_range()
    {
        JobSpec job = Text.LanguageModel.SomeText.Job("units: 24, embedding: 16, window: 4", "batch: 8, optimizer: { adam: { rate: 0.01 } }, clip-norm: 0.5");
        ShouldBeTheWholeUpdate(Text.LanguageModel.SomeText.Learner(job, 90));
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public void The_ranges_are_all_of_the_state_the_optimizer_state_and_the_gradient_once(string model, string training)
    {
        IRangedLearner learner = Learner($"model: {{ {model} }}\ntraining: {{ batch: 32, {training} }}\n");
        foreach (int servers in new[] { 1, 2, 3, 5, 64 })
        {
            IReadOnlyList<ParameterRange> ranges = learner.Cut(servers);
            ranges.Count.ShouldBeLessThanOrEqualTo(servers);
            ShouldTile(ranges.Select(range => range.State), learner.StateLength);
            ShouldTile(ranges.Select(range => range.Sum), learner.RangedLength);
            ShouldTile(ranges.SelectMany(range => range.OptimizerState).OrderBy(slice => slice.Start).ThenBy(slice => slice.Length), learner.OptimizerStateLength);
            ranges.ShouldAllBe(range => range.Sum.Start % 1024 == 0);
        }
        learner.Cut(3).Count.ShouldBe(Math.Min(3, learner.Cut(64).Count));
    }

    [Fact]
    public void A_norm_that_is_not_finite_ends_training_as_it_does_on_one_server()
    {
        IRangedLearner learner = Learner($"model: {{ kind: mlp, {Layers} }}\ntraining: {{ batch: 32, clip-norm: 0.5 }}\n");
        (NumericBuffer state, NumericBuffer optimizerState) = SomeUpdate.Start(learner);
        NumericBuffer sum = SomeUpdate.Sum(learner, 0);
        sum.Floats[2000] = float.PositiveInfinity;
        StepContext step = new(0, 0, 10);

        string whole = Should.Throw<DivergedException>(() => learner.Update(state, optimizerState, sum, step)).Message;

        Should.Throw<DivergedException>(() => UpdateInRanges(learner, learner.Cut(3), state, optimizerState, sum, step)).Message.ShouldBe(whole);
    }

    private static void ShouldTile(IEnumerable<Slice> slices, int length)
    {
        int next = 0;
        foreach (Slice slice in slices.Where(slice => slice.Length > 0))
        {
            slice.Start.ShouldBe(next);
            next = slice.End;
        }
        next.ShouldBe(length);
    }

    private static void ShouldBeTheWholeUpdate(IRangedLearner learner)
    {
        learner.Cut(2).Count.ShouldBe(2, "else nothing is cut");
        foreach (int servers in new[] { 2, 3, 4, 7 })
        {
            (NumericBuffer state, NumericBuffer optimizerState) = SomeUpdate.Start(learner);
            (NumericBuffer cutState, NumericBuffer cutOptimizerState) = SomeUpdate.Start(learner);
            IReadOnlyList<ParameterRange> ranges = learner.Cut(servers);
            for (int step = 0; step < 6; step++)
            {
                StepContext at = new(step, step / 3, 3);
                UpdateOutcome whole = learner.Update(state, optimizerState, SomeUpdate.Sum(learner, step), at);
                UpdateInRanges(learner, ranges, cutState, cutOptimizerState, SomeUpdate.Sum(learner, step), at).ShouldBe(whole);
                cutState.Bytes.SequenceEqual(state.Bytes).ShouldBeTrue($"{servers} servers, state after step {step}");
                cutOptimizerState.Bytes.SequenceEqual(optimizerState.Bytes).ShouldBeTrue($"{servers} servers, optimizer state after step {step}");
            }
        }
    }

    /// <summary>What the servers do among themselves, in the order of the protocol.</summary>
    private static UpdateOutcome UpdateInRanges(
        IRangedLearner learner, IReadOnlyList<ParameterRange> ranges, NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, StepContext step)
    {
        List<float> squares = [];
        foreach (ParameterRange range in ranges)
        {
            float[] part = new float[learner.SquaresLength(range, step)];
            learner.Square(range, sum.Floats.Slice(range.Sum.Start, range.Sum.Length), step, part);
            squares.AddRange(part);
        }
        RangedStep decided = learner.Decide(sum.Floats[learner.RangedLength..], squares.ToArray(), step);
        foreach (ParameterRange range in ranges.Reverse())
        {
            NumericBuffer kept = new(NumberKind.Float32, range.KeptLength);
            range.CopyOut(state, optimizerState, kept);
            UpdateBuffers buffers = new(
                SomeUpdate.Copy(kept.Floats[..range.State.Length]), new NumericBuffer(NumberKind.Float32, range.State.Length),
                SomeUpdate.Copy(kept.Floats[range.State.Length..]), SomeUpdate.Copy(sum.Floats.Slice(range.Sum.Start, range.Sum.Length)));
            buffers.After.Floats.Fill(float.NaN);
            learner.UpdateRange(range, buffers, decided.Scale, step, LastFirst.Instance);
            buffers.After.Floats.CopyTo(kept.Floats);
            buffers.OptimizerState.Floats.CopyTo(kept.Floats[range.State.Length..]);
            range.CopyIn(kept.Floats, state, optimizerState);
        }
        return decided.Outcome;
    }

    private static IRangedLearner Learner(string text) => (IRangedLearner)SomeUpdate.Learner(text, Features);
}
