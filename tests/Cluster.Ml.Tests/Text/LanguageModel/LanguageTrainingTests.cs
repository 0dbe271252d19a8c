using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Nn;
using Cluster.Ml.Tests.Numerics;
using Cluster.Ml.Text.LanguageModel;

namespace Cluster.Ml.Tests.Text.LanguageModel;

public sealed class LanguageTrainingTests
{
    private static JobSpec Job(string source, string unit, string model, string training) => JobFile.Parse(
        $"data: {{ source: '{source}', unit: {unit}, split: {{ train: 0.8, validation: 0.2 }} }}\nmodel: {{ kind: language-model, {model} }}\ntraining: {{ {training} }}",
        "job.yaml", "/");

    /// <summary>The bytes on one processor, to be met on every other and with any part of its instruction set switched off.</summary>
    [Theory]
    [InlineData("lstm", "character", 1, "a3552b75708e1cee68f5eef9914c297b18de2ff94aab76cd64bcc4575df3a754")]
    [InlineData("lstm", "word, vocabulary: 300", 2, "9bc027aa3571f2867675960613f62c63efa5568e5fd9020118d6f1f0957628ad")]
    [InlineData("rnn", "character", 2, "68bd0b955ccaf9495c0c269a7ab87ef26ad7dbd43703c173c2f5a530562c337f")]
    public void Training_gives_the_recorded_bytes(string cell, string unit, int depth, string sha256)
    {
        JobSpec job = Job(
            RepositoryFiles.Example("shakespeare.txt"), unit, $"cell: {cell}, embedding: 9, units: 37, depth: {depth}, window: 11, initializer: orthogonal",
            "epochs: 1, batch: 256, micro-batches: 8, optimizer: { adam: { rate: 0.01 } }, clip-norm: 0.5, regularize: { l2: 0.0001 }");
        TrainedModel model = SequentialTrainer.Train(job, PreparedData.Load(job, NumberKind.Float32));
        model.Sha256.ShouldBe(sha256);
    }

    [Fact]
    public void A_repeated_text_is_learned_by_heart()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("a.txt", string.Concat(Enumerable.Repeat("the quick brown fox jumps over a lazy dog. ", 60)));
        foreach (string cell in new[] { "lstm", "rnn" })
        {
            JobSpec job = Job(path, "character", $"cell: {cell}, embedding: 16, units: 48, window: 16", "epochs: 30, batch: 8, optimizer: { adam: { rate: 0.01 } }, clip-norm: 5");
            TrainedModel model = SequentialTrainer.Train(job, PreparedData.Load(job, NumberKind.Float32));
            model.Validation["perplexity"]!.Value.ShouldBeLessThan(1.2, cell);
            model.Validation["accuracy"]!.Value.ShouldBeGreaterThan(0.9, cell);
            model.Validation["perplexity"]!.Value.ShouldBe(Math.Exp(model.Validation["loss"]!.Value), 1e-9);
        }
    }

    [Fact]
    public void A_model_without_knowledge_has_the_perplexity_of_its_vocabulary()
    {
        using TemporaryFolder folder = new();
        JobSpec job = Job(folder.Write("a.txt", string.Concat(Enumerable.Repeat("abcdefg", 40))), "character", "units: 4, window: 6", "batch: 8");
        PreparedData data = PreparedData.Load(job, NumberKind.Float32);
        ILearner learner = Learners.Create(job, data.Shape);
        Metrics metrics = EvaluationPlan.Measure(learner, learner.CreateContributor(), new NumericBuffer(NumberKind.Float32, learner.StateLength), data.Training, 8);
        metrics["perplexity"]!.Value.ShouldBe(8, 1e-5);       // seven letters and <unk>
    }

    [Fact]
    public void Figures_do_not_depend_on_how_many_streams_are_measured_side_by_side()
    {
        const int streams = 70, window = 4, vocabulary = 11;     // more than are measured at once
        LanguageLearner learner = SomeText.Learner(SomeText.Job($"units: 6, embedding: 3, window: {window}", "batch: 8"), vocabulary);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength);
        GoldenNn.Wave(state.Length, 1.9, 0.7).CopyTo(state.Floats);
        RowTable table = SomeText.Table(SomeText.Streams(streams, 10, vocabulary), window);
        IContributor contributor = learner.CreateContributor();

        double[] whole = new double[LanguageSums.Length], apart = new double[LanguageSums.Length];
        contributor.Evaluate(state, new RowRange(table, Enumerable.Range(0, table.Rows).ToArray()), whole);
        for (int stream = 0; stream < streams; stream++)
            contributor.Evaluate(state, new RowRange(table, Enumerable.Range(stream * (table.Rows / streams), table.Rows / streams).ToArray()), apart);

        whole.ShouldBe(apart);
        whole[LanguageSums.Tokens].ShouldBe(streams * 9);
    }

    [Fact]
    public void A_gradient_beyond_the_clipping_norm_is_scaled_to_it()
    {
        foreach ((double clip, double factor) in new[] { (1e9, 1.0), (0.01, 0.01) })
        {
            LanguageLearner learner = SomeText.Learner(
                SomeText.Job("units: 6, embedding: 3, window: 4", $"batch: 8, optimizer: {{ sgd: {{ rate: 1 }} }}, clip-norm: {clip:R}"), 5);
            NumericBuffer state = new(NumberKind.Float32, learner.StateLength), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
            NumericBuffer sum = new(NumberKind.Float32, learner.ContributionLength);
            int parameters = learner.Layout.ParameterCount;
            for (int i = 0; i < 4; i++) sum.Floats[i * 7] = 10;      // norm 20, and 2 a token
            sum.Floats[^2] = 10;
            learner.Update(state, optimizerState, sum, new StepContext(0, 0, 1));
            double norm = Math.Sqrt(state.Floats[..parameters].ToArray().Sum(w => (double)w * w));
            norm.ShouldBe(factor == 1 ? 2 : factor, 1e-6);
        }
    }

    [Fact]
    public void Numbers_that_are_not_finite_stop_the_training_with_the_part_named()
    {
        LanguageLearner learner = SomeText.Learner(SomeText.Job("units: 6, embedding: 3, window: 4", "batch: 2, micro-batches: 1"), 5);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength);
        state.Floats[learner.Layout.RecurrentBlocks[0].Offset] = float.NaN;
        MicroBatch[] batches = SomeText.Batches(SomeText.Table(SomeText.Streams(2, 9, 5), 4), 2, 0, 1);
        Should.Throw<DivergedException>(() => SomeText.Contribution(learner, state, batches, 3)).Message.ShouldContain("step 3, lstm 1");
    }

    [Theory]
    [InlineData("lstm", 1)]
    [InlineData("lstm", 2)]
    [InlineData("rnn", 2)]
    public void A_step_allocates_nothing(string cell, int depth)
    {
        const int streams = 8, vocabulary = 21, window = 5;
        LanguageLearner learner = SomeText.Learner(
            SomeText.Job($"cell: {cell}, units: 17, embedding: 6, depth: {depth}, window: {window}", $"batch: {streams}, optimizer: {{ adam: {{ rate: 0.01 }} }}, clip-norm: 1"), vocabulary);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        NumericBuffer sum = new(NumberKind.Float32, learner.ContributionLength);
        learner.Initialize(state, optimizerState);
        RowTable table = SomeText.Table(SomeText.Streams(streams, 23, vocabulary), window);
        MicroBatch[] fresh = SomeText.Batches(table, streams, 0, 8), carried = SomeText.Batches(table, streams, 1, 2);
        IContributor contributor = learner.CreateContributor();
        void Step(MicroBatch[] batches)
        {
            contributor.Contribute(state, batches, sum, SomeNetwork.FirstStep);
            learner.Update(state, optimizerState, sum, SomeNetwork.FirstStep);
        }

        Allocations.Least(() =>
        {
            Step(fresh);
            Step(carried);
        }).ShouldBe(0);
    }
}
