using Cluster.Ml.Compression;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Learning;
using Cluster.Ml.Tests.Numerics;
using Cluster.Ml.Tests.Text.LanguageModel;

namespace Cluster.Ml.Tests.Nn.Optimizers;

/// <summary>The update in pieces, from one buffer into another, against the update in place and in turn.</summary>
public sealed class OptimizerStepTests
{
    private const int Features = 500;

    // 500 · 301 + 301 + …: no layer's length is a multiple of a piece's, of a part's or of a vector's.
    private const string Layers = "layers: [ { dense: 301, activation: tanh }, { dense: 37 } ]";

    public static TheoryData<string, string> Jobs => new()
    {
        { $"kind: mlp, {Layers}", "optimizer: { sgd: { rate: 0.1 } }" },
        { $"kind: mlp, {Layers}", "optimizer: { sgd: { rate: 0.1, momentum: 0.9 } }, regularize: { l1: 0.001, l2: 0.01 }" },
        { $"kind: mlp, {Layers}", "optimizer: { sgd: { rate: 0.1, momentum: 0.9, nesterov: true } }, schedule: { cosine: { minimum: 0.1 }, warm-up: 2 }" },
        { $"kind: mlp, {Layers}", "optimizer: { adam: { rate: 0.01 } }, clip-norm: 0.5, regularize: { l2: 0.01 }" },
        { $"kind: mlp, {Layers}", "optimizer: { rmsprop: { rate: 0.01 } }" },
        { $"kind: mlp, {Layers}", "optimizer: { rmsprop: { rate: 0.01, momentum: 0.5 } }, clip-value: 0.01" },
        { $"kind: mlp, {Layers}", "optimizer: { adadelta: { rate: 1 } }" },
        { "kind: mlp, layers: [ { dense: 101, frozen: true }, { dense: 701 }, { dense: 99, frozen: true } ]", "optimizer: { adam: { rate: 0.01 } }" },
        { "kind: gan, latent: 64, generator: [ { dense: 151 } ], discriminator: [ { dense: 171 } ], likelihood: gaussian", "optimizer: { adam: { rate: 0.01 } }" },
    };

    [Theory]
    [MemberData(nameof(Jobs))]
    public void In_whatever_order_its_pieces_run_a_step_into_another_buffer_has_the_bits_of_one_in_place(string model, string training) =>
        ShouldBeTheStepInPlace(SomeUpdate.Learner($"model: {{ {model} }}\ntraining: {{ batch: 32, {training} }}\n", Features));

    [Fact]
    public void Private_noise_belongs_to_the_parameter_whatever_its_piece() =>
        ShouldBeTheStepInPlace(SomeUpdate.Learner($"model: {{ kind: mlp, {Layers} }}\ntraining: {{ batch: 32 }}\nprivacy: {{ clip: 1.0, noise: 1.3 }}\n", Features));

    [Fact]
    public void What_the_streams_of_a_text_carry_is_taken_over() => ShouldBeTheStepInPlace(
        SomeText.Learner(SomeText.Job("units: 129, embedding: 65, window: 4", "batch: 8, optimizer: { adam: { rate: 0.01 } }, clip-norm: 0.5"), 190));

    [Fact]
    public void States_that_steps_of_their_own_led_to_are_averaged() => ShouldBeTheStepInPlace(
        SomeUpdate.Learner($"model: {{ kind: mlp, {Layers} }}\ntraining: {{ batch: 32, optimizer: {{ sgd: {{ rate: 0.1 }} }}, mode: {{ local-sgd: {{ steps: 2 }} }} }}\n", Features), partsMin: 0);

    [Fact]
    public void What_came_packed_is_unpacked_first()
    {
        ICompressible inner = (ICompressible)SomeUpdate.Learner($"model: {{ kind: mlp, {Layers} }}\ntraining: {{ batch: 32 }}\n", Features);
        CompressedLearner learner = new(inner, new CompressionSpec.TopK(1, null), 42);
        (NumericBuffer before, NumericBuffer optimizerState) = SomeUpdate.Start(inner);
        (NumericBuffer state, NumericBuffer otherOptimizerState) = SomeUpdate.Start(inner);
        NumericBuffer sum = SomeUpdate.Sum(inner, 0), packed = new(NumberKind.Float32, learner.ContributionLength);
        learner.Packing.Pack(SomeUpdate.Copy(sum.Floats).Floats, 0, 0, whole: true, packed.Floats);
        UpdateOutcome inPlace = inner.Update(state, otherOptimizerState, sum, SomeNetwork.FirstStep);

        (NumericBuffer after, UpdateOutcome outcome) = Step(learner, before, optimizerState, packed, SomeNetwork.FirstStep, new LastFirst());

        outcome.ShouldBe(inPlace);
        after.Bytes.SequenceEqual(state.Bytes).ShouldBeTrue();
    }

    [Fact]
    public void The_first_block_that_is_not_finite_is_named_whichever_piece_found_it_first()
    {
        ILearner learner = SomeUpdate.Learner($"model: {{ kind: mlp, {Layers} }}\ntraining: {{ batch: 32, optimizer: {{ sgd: {{ rate: 0.1 }} }} }}\n", Features);
        (NumericBuffer before, NumericBuffer optimizerState) = SomeUpdate.Start(learner);
        NumericBuffer sum = SomeUpdate.Sum(learner, 0);
        sum.Floats[learner.StateLength - 1] = float.PositiveInfinity;      // the last layer's last bias
        sum.Floats[140_000] = float.NaN;

        LastFirst runner = new();
        DivergedException diverged = Should.Throw<DivergedException>(() => Step(learner, before, optimizerState, sum, new StepContext(0, 0, 10), runner));

        diverged.Layer.ShouldBe("layer 1 (dense 301)");
        runner.Parts.ShouldBeGreaterThan(9);
        sum.Floats[140_000] = 1;
        Should.Throw<DivergedException>(() => Step(learner, before, optimizerState, sum, new StepContext(0, 0, 10), runner)).Layer.ShouldBe("layer 3 (dense 60)");
    }

    [Fact]
    public void Without_examples_the_state_is_handed_on_as_it_is()
    {
        ILearner learner = SomeUpdate.Learner($"model: {{ kind: mlp, {Layers} }}\ntraining: {{ batch: 32 }}\n", Features);
        (NumericBuffer before, NumericBuffer optimizerState) = SomeUpdate.Start(learner);
        NumericBuffer sum = new(learner.Numbers, learner.ContributionLength);

        Step(learner, before, optimizerState, sum, new StepContext(0, 0, 10), new LastFirst()).After.Bytes.SequenceEqual(before.Bytes).ShouldBeTrue();
    }

    [Fact]
    public void A_small_model_is_not_worth_sharing()
    {
        ILearner learner = SomeUpdate.Learner("model: { kind: mlp, layers: [ { dense: 30 } ] }\ntraining: { batch: 32 }\n", Features);
        (NumericBuffer before, NumericBuffer optimizerState) = SomeUpdate.Start(learner);
        LastFirst runner = new();

        Step(learner, before, optimizerState, SomeUpdate.Sum(learner, 0), new StepContext(0, 0, 10), runner);

        runner.Parts.ShouldBe(0);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        ILearner learner = SomeUpdate.Learner($"model: {{ kind: mlp, {Layers} }}\ntraining: {{ batch: 32, optimizer: {{ adam: {{ rate: 0.01 }} }} }}\n", Features);
        (NumericBuffer before, NumericBuffer optimizerState) = SomeUpdate.Start(learner);
        UpdateBuffers buffers = new(before, new NumericBuffer(learner.Numbers, learner.StateLength), optimizerState, SomeUpdate.Sum(learner, 0));
        learner.Update(buffers, new StepContext(0, 0, 10), PartsInTurn.Instance);

        Allocations.Least(() =>
        {
            for (int step = 1; step < 4; step++) learner.Update(buffers, new StepContext(step, 0, 10), PartsInTurn.Instance);
        }).ShouldBe(0);
    }

    private static void ShouldBeTheStepInPlace(ILearner learner, int partsMin = 5)
    {
        foreach (bool halves in new[] { false, true })
        {
            (NumericBuffer before, NumericBuffer optimizerState) = SomeUpdate.Start(learner);
            (NumericBuffer state, NumericBuffer otherOptimizerState) = SomeUpdate.Start(learner);
            LastFirst runner = new();
            for (int step = 0; step < 5; step++)
            {
                StepContext at = new(step, step / 3, 3);
                NumericBuffer left = SomeUpdate.Sum(learner, step), total = SomeUpdate.Copy(left.Floats);
                NumericBuffer? right = halves ? SomeUpdate.Sum(learner, step + 100) : null;
                if (right is not null) learner.Combine(total, right);
                UpdateOutcome inPlace = learner.Update(state, otherOptimizerState, total, at);
                byte[] bytesBefore = before.Bytes.ToArray();

                (NumericBuffer after, UpdateOutcome outcome) = Step(learner, before, optimizerState, left, at, runner, right);

                outcome.ShouldBe(inPlace);
                after.Bytes.SequenceEqual(state.Bytes).ShouldBeTrue($"state after step {step}, in halves: {halves}");
                optimizerState.Bytes.SequenceEqual(otherOptimizerState.Bytes).ShouldBeTrue($"optimizer state after step {step}, in halves: {halves}");
                before.Bytes.SequenceEqual(bytesBefore).ShouldBeTrue("it is only read");
                after.Bytes.SequenceEqual(before.Bytes).ShouldBeFalse();
                before = after;
            }
            runner.Parts.ShouldBeGreaterThanOrEqualTo(partsMin, "else nothing is in pieces");
        }
    }

    private static (NumericBuffer After, UpdateOutcome Outcome) Step(
        ILearner learner, NumericBuffer before, NumericBuffer optimizerState, NumericBuffer sum, StepContext step, IPartRunner runner, NumericBuffer? rest = null)
    {
        NumericBuffer after = new(learner.Numbers, learner.StateLength);
        after.Floats.Fill(float.NaN);
        return (after, learner.Update(new UpdateBuffers(before, after, optimizerState, sum) { Rest = rest }, step, runner));
    }
}
