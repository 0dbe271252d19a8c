using Cluster.Ml.Compression;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Learning;

namespace Cluster.Ml.Tests.Compression;

public sealed class FeedbackTests : IDisposable
{
    private const int Window = 5;
    private const string Largest = "{ top-k: 0.05, window: 5 }";
    private readonly SyntheticRows _rows = new(200);

    public void Dispose() => _rows.Dispose();

    // v = g + e; sent and what is left share no index and are v, bit for bit: the adding of e alone rounds.
    [Fact]
    public void What_is_sent_and_what_is_carried_on_are_the_gradient_and_what_was_carried_bit_for_bit()
    {
        (CompressedLearner learner, Func<long, MicroBatch> batchOf, NumericBuffer state) = Begun(Largest);
        IContributor packed = learner.CreateContributor(), plain = learner.Inner.CreateContributor();
        Residual residual = learner.Feedback!.CreateResidual();
        float[] sum = new float[Length(learner)], carried = new float[Length(learner)];

        for (long step = 0; step < Window; step++)
        {
            MicroBatch batch = batchOf(step) with { Residual = residual };
            float[] gradient = Contribution(learner.Inner, plain, state, batch, step), sent = Sent(learner, packed, state, batch, step);

            float[] wanted = [.. gradient.Zip(carried, (g, e) => step == 0 ? g : g + e)];
            carried = step == Window - 1 ? new float[wanted.Length] : residual.Of(step + 1).Floats[..wanted.Length].ToArray();
            for (int i = 0; i < wanted.Length; i++)
            {
                (sent[i] + carried[i]).ShouldBe(wanted[i]);
                (sent[i] * carried[i]).ShouldBe(0);
                sum[i] += gradient[i] - sent[i];
            }
            sent.Count(number => number != 0).ShouldBeLessThanOrEqualTo(step == Window - 1 ? wanted.Length : (int)Math.Ceiling(0.05 * wanted.Length));
        }

        sum.ShouldAllBe(left => MathF.Abs(left) < 1e-4f, "over a window all that the gradients were is sent, but for rounding");
    }

    // Of the largest number half a code, or 2⁻¹¹, is the most that is carried; over a window nothing but the last step's rounding is lost.
    [Theory]
    [InlineData("int8", 1 / 254.0)]
    [InlineData("fp16", 1 / 2048.0)]
    public void What_rounding_takes_away_is_carried_until_the_window_ends(string kind, double share)
    {
        (CompressedLearner learner, Func<long, MicroBatch> batchOf, NumericBuffer state) = Begun($"{{ kind: {kind}, feedback: true, window: {Window} }}");
        IContributor packed = learner.CreateContributor(), plain = learner.Inner.CreateContributor();
        Residual residual = learner.Feedback!.CreateResidual();
        float[] carried = new float[Length(learner)];
        double[] lost = new double[Length(learner)];

        for (long step = 0; step < Window; step++)
        {
            MicroBatch batch = batchOf(step) with { Residual = residual };
            float[] gradient = Contribution(learner.Inner, plain, state, batch, step), sent = Sent(learner, packed, state, batch, step);

            float[] wanted = [.. gradient.Zip(carried, (g, e) => g + e)];
            double most = wanted.Max(MathF.Abs) * share * 1.0001;
            bool ends = step == Window - 1;
            carried = ends ? new float[wanted.Length] : residual.Of(step + 1).Floats[..wanted.Length].ToArray();
            for (int i = 0; i < wanted.Length; i++)
            {
                if (!ends) carried[i].ShouldBe(wanted[i] - sent[i]);
                Math.Abs((double)wanted[i] - sent[i]).ShouldBeLessThanOrEqualTo(ends ? 2 * most : most);
                lost[i] += gradient[i] - (double)sent[i];
            }
            if (ends) lost.ShouldAllBe(number => Math.Abs(number) <= 2.001 * most);
            else carried.ShouldContain(number => number != 0);
        }
    }

    [Theory]
    [InlineData(Largest)]
    [InlineData("{ kind: int8, feedback: true, window: 5 }")]
    public void A_step_computed_again_sends_the_same_and_carries_on_the_same(string compression)
    {
        (CompressedLearner learner, Func<long, MicroBatch> batchOf, NumericBuffer state) = Begun(compression);
        IContributor contributor = learner.CreateContributor();
        Residual residual = learner.Feedback!.CreateResidual();

        for (long step = 0; step < Window - 1; step++)
        {
            MicroBatch batch = batchOf(step) with { Residual = residual };
            float[] first = Sent(learner, contributor, state, batch, step), left = residual.Of(step + 1).Floats.ToArray();
            Sent(learner, contributor, state, batch, step).ShouldBe(first);
            residual.Of(step + 1).Floats.ToArray().ShouldBe(left);
        }
    }

    [Fact]
    public void A_micro_batch_that_comes_without_its_residual_is_refused()
    {
        (CompressedLearner learner, Func<long, MicroBatch> batchOf, NumericBuffer state) = Begun(Largest);

        Should.Throw<ArgumentException>(() => Sent(learner, learner.CreateContributor(), state, batchOf(1), 1)).Message.ShouldContain("residual");
    }

    [Theory]
    [InlineData("{ top-k: 1 }")]
    [InlineData("{ top-k: 1, feedback: false }")]
    [InlineData("{ top-k: 0.01, window: 1 }")]
    public void Where_nothing_is_left_out_the_model_is_that_without_compression(string compression) =>
        Train(compression, 4).Sha256.ShouldBe(Train("none", 4).Sha256);

    [Fact]
    public void Where_no_step_carries_anything_rounding_with_feedback_is_rounding_without() =>
        Train("{ kind: int8, feedback: true, window: 1 }", 4).Sha256.ShouldBe(Train("int8", 4).Sha256);

    // What leaves round away comes back, and what the nodes above do does not: with one micro-batch all of it, with eight a part.
    [Theory]
    [InlineData("int8", 1, 0.4)]
    [InlineData("int8", 8, 0.93)]
    [InlineData("fp16", 1, 0.4)]
    public void With_feedback_rounding_ends_nearer_to_the_model_without_compression(string kind, int microBatches, double most)
    {
        for (ulong seed = 1; seed <= 4; seed++)
        {
            float[] exact = Softmax("none", microBatches, seed);
            double without = Distance(exact, Softmax(kind, microBatches, seed));
            double with = Distance(exact, Softmax($"{{ kind: {kind}, feedback: true }}", microBatches, seed));

            with.ShouldBeLessThan(most * without, $"seed {seed}");
        }
    }

    // Plain SGD, for which the papers prove it. Both lose what a mean of gradients would gain; feedback gets it back.
    [Fact]
    public void One_in_a_hundred_learns_digits_with_feedback_as_without_compression_and_not_so_without_feedback()
    {
        double exact = Digits("none"), carried = Digits("{ top-k: 0.01 }"), lost = Digits("{ top-k: 0.01, feedback: false }");

        carried.ShouldBeLessThan(exact + 0.02);
        lost.ShouldBeGreaterThan(exact + 0.05);
    }

    private static double Digits(string compression) => TrainOnDigits(
        "{ kind: mlp, layers: [ { dense: 128, activation: relu }, { dense: 64, activation: relu } ] }", $"compression: {compression}").Training["log-loss"]!.Value;

    private static float[] Softmax(string compression, int microBatches, ulong seed) =>
        TrainOnDigits("{ kind: softmax }", $"micro-batches: {microBatches}, compression: {compression}", seed).State.Floats.ToArray();

    private static TrainedModel TrainOnDigits(string model, string training, ulong seed = JobDefaults.Seed)
    {
        JobSpec job = JobFile.Parse(
            $"seed: {seed}\ndata: {{ source: '{RepositoryFiles.Example("digits.csv")}', target: target, scale: standard }}\nmodel: {model}\n"
            + $"training: {{ epochs: 15, batch: 64, optimizer: {{ sgd: {{ rate: 0.1 }} }}, {training} }}\n", "digits.yaml", "/");
        return SequentialTrainer.Train(job, PreparedData.Load(job, NumberKind.Float32));
    }

    private static double Distance(float[] left, float[] right) => Math.Sqrt(left.Zip(right, (l, r) => Math.Pow((double)l - r, 2)).Sum());

    private JobSpec Job(string compression, int microBatches) => JobFile.Parse(
        $"data: {{ source: '{_rows.Source}', target: kind, ignore: [half, value], scale: standard }}\n"
        + "model: { kind: mlp, layers: [ { dense: 30, activation: tanh } ] }\n"
        + $"training: {{ epochs: 3, batch: 8, micro-batches: {microBatches}, optimizer: {{ adam: {{ rate: 0.01 }} }}, compression: {compression} }}\n", "rows.yaml", "/");

    private TrainedModel Train(string compression, int microBatches)
    {
        JobSpec job = Job(compression, microBatches);
        return SequentialTrainer.Train(job, PreparedData.Load(job, NumberKind.Float32));
    }

    private (CompressedLearner Learner, Func<long, MicroBatch> BatchOf, NumericBuffer State) Begun(string compression)
    {
        JobSpec job = Job(compression, 1);
        PreparedData data = PreparedData.Load(job, NumberKind.Float32);
        CompressedLearner learner = (CompressedLearner)Learners.Create(job, data.Shape);
        NumericBuffer state = new(learner.Numbers, learner.StateLength);
        learner.Initialize(state, new NumericBuffer(learner.Numbers, learner.OptimizerStateLength));
        ShardSampler sampler = BatchPlan.For(job, data.Shape.TrainingExamples, learner.FullBatch).CreateSampler(data.Shard(0, 1));
        return (learner, step => sampler.MicroBatch(0, step), state);
    }

    private static int Length(CompressedLearner learner) => learner.UncompressedLength - learner.Inner.ExactLength;

    private static float[] Sent(CompressedLearner learner, IContributor contributor, NumericBuffer state, MicroBatch batch, long step)
    {
        NumericBuffer packed = new(learner.Numbers, learner.ContributionLength);
        contributor.Contribute(state, [batch], packed, new StepContext(step, 0, 100));
        float[] numbers = new float[learner.UncompressedLength];
        learner.Packing.Unpack(packed.Floats, numbers);
        return numbers[..Length(learner)];
    }

    private static float[] Contribution(ICompressible learner, IContributor contributor, NumericBuffer state, MicroBatch batch, long step)
    {
        NumericBuffer sum = new(learner.Numbers, learner.ContributionLength);
        contributor.Contribute(state, [batch], sum, new StepContext(step, 0, 100));
        return sum.Floats[..^learner.ExactLength].ToArray();
    }
}
