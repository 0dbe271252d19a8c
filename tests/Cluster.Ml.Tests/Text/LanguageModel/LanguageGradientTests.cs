using Cluster.Ml.Aggregation;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Nn;
using Cluster.Ml.Text.LanguageModel;

namespace Cluster.Ml.Tests.Text.LanguageModel;

public sealed class LanguageGradientTests
{
    [Fact]
    public void Losses_gradients_and_carried_states_of_two_windows_are_those_of_pytorch()
    {
        foreach (GoldenLanguage golden in GoldenLanguage.Read())
        {
            JobSpec job = SomeText.Job(
                $"cell: {golden.Cell}, embedding: {golden.Embedding}, units: {golden.Units}, depth: {golden.Depth}, window: {golden.Window}",
                $"batch: {golden.Streams}, micro-batches: 2");
            LanguageLearner learner = SomeText.Learner(job, golden.Vocabulary);
            int parameters = learner.Layout.ParameterCount, perStream = learner.Layout.CarriedPerStream;
            NumericBuffer state = new(NumberKind.Float32, learner.StateLength);
            GoldenNn.Wave(parameters, 1.7, 0.6).CopyTo(state.Floats);
            state.Floats[parameters..].Fill(float.NaN);      // the first window must not look at what is carried
            RowTable table = SomeText.Table(golden.Tokens, golden.Window);

            for (int window = 0; window < 2; window++)
            {
                NumericBuffer sum = SomeText.Contribution(learner, state, SomeText.Batches(table, golden.Streams, window, 2));
                GoldenWindow expected = golden.Windows[window];
                Span<float> carried = sum.Floats[parameters..learner.StateLength], statistics = sum.Floats[learner.StateLength..];
                ((double)statistics[StepStatistics.LossSum]).ShouldBe(expected.Loss, 2e-6 * expected.Loss);
                statistics[StepStatistics.Examples].ShouldBe(golden.Streams * golden.Window);
                expected.Gradient.Length.ShouldBe(parameters);
                for (int i = 0; i < parameters; i++)
                    ((double)sum.Floats[i]).ShouldBe(expected.Gradient[i], 1e-5, $"{golden.Cell} {golden.Depth}, window {window}, parameter {i}");
                for (int i = 0; i < carried.Length; i++)
                    ((double)carried[i]).ShouldBe(expected.Carried[i / perStream][i % perStream], 2e-6, $"{golden.Cell} {golden.Depth}, window {window}, carried {i}");
                carried.CopyTo(state.Floats[parameters..]);
            }
        }
    }

    [Theory]
    [InlineData("lstm", 1)]
    [InlineData("lstm", 2)]
    [InlineData("rnn", 1)]
    [InlineData("rnn", 2)]
    public void Backward_agrees_with_central_differences_in_double_precision(string cell, int depth)
    {
        const int vocabulary = 9, streams = 3, window = 5;
        JobSpec job = SomeText.Job($"cell: {cell}, embedding: 4, units: 6, depth: {depth}, window: {window}", $"batch: {streams}, micro-batches: 1");
        LanguageLearner learner = SomeText.Learner(job, vocabulary);
        int parameters = learner.Layout.ParameterCount, perStream = learner.Layout.CarriedPerStream;
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength);
        GoldenNn.Wave(state.Length, 2.3, 0.5).CopyTo(state.Floats);
        int[][] tokens = SomeText.Streams(streams, (2 * window) + 1, vocabulary);

        NumericBuffer sum = SomeText.Contribution(learner, state, SomeText.Batches(SomeText.Table(tokens, window), streams, 1, 1));

        ReferenceLanguage reference = new(job.Model.As<LanguageOptions>(), vocabulary);
        double[] exact = Array.ConvertAll(state.Floats.ToArray(), w => (double)w);
        double SumOfLosses()
        {
            double loss = 0;
            for (int s = 0; s < streams; s++)
                loss += reference.Loss(exact, tokens[s].AsSpan(window), exact[(parameters + (s * perStream))..(parameters + ((s + 1) * perStream))]);
            return loss;
        }
        ((double)sum.Floats[learner.StateLength + StepStatistics.LossSum]).ShouldBe(SumOfLosses(), 1e-5);
        for (int i = 0; i < parameters; i++)
        {
            const double h = 1e-5;
            double w = exact[i];
            exact[i] = w + h;
            double up = SumOfLosses();
            exact[i] = w - h;
            double down = SumOfLosses();
            exact[i] = w;
            ((double)sum.Floats[i]).ShouldBe((up - down) / (2 * h), 5e-6, $"parameter {i}");
        }
    }

    [Fact]
    public void A_window_that_ends_early_counts_only_its_tokens()
    {
        const int vocabulary = 6, streams = 2, window = 4;
        JobSpec job = SomeText.Job($"cell: lstm, embedding: 3, units: 5, window: {window}", $"batch: {streams}, micro-batches: 2");
        LanguageLearner learner = SomeText.Learner(job, vocabulary);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength);
        GoldenNn.Wave(state.Length, 2.3, 0.5).CopyTo(state.Floats);
        int[][] tokens = SomeText.Streams(streams, window + 3, vocabulary);

        RowTable table = SomeText.Table(tokens, window);
        table.Rows.ShouldBe(2 * streams);
        NumericBuffer sum = SomeText.Contribution(learner, state, SomeText.Batches(table, streams, 1, 2));

        ReferenceLanguage reference = new(job.Model.As<LanguageOptions>(), vocabulary);
        double[] exact = Array.ConvertAll(state.Floats.ToArray(), w => (double)w);
        int carried = learner.Layout.ParameterCount, perStream = learner.Layout.CarriedPerStream;
        double expected = Enumerable.Range(0, streams).Sum(
            s => reference.Loss(exact, tokens[s].AsSpan(window), exact[(carried + (s * perStream))..(carried + ((s + 1) * perStream))]));
        sum.Floats[learner.StateLength + StepStatistics.Examples].ShouldBe(2 * streams);
        ((double)sum.Floats[learner.StateLength + StepStatistics.LossSum]).ShouldBe(expected, 1e-5);
        float[] seen = [.. table.FloatsOf(1).ToArray(), .. table.FloatsOf(3).ToArray()];
        for (int token = 0; token < vocabulary; token++)
            if (!seen.Contains(token)) sum.Floats.Slice(token * 3, 3).ToArray().ShouldAllBe(number => number == 0);
    }

    [Fact]
    public void Contributions_of_subtrees_add_up_to_that_of_the_whole_to_the_bit()
    {
        const int vocabulary = 40, streams = 16, window = 7;
        JobSpec job = SomeText.Job($"cell: lstm, embedding: 10, units: 21, depth: 2, window: {window}", $"batch: {streams}, micro-batches: 8");
        LanguageLearner learner = SomeText.Learner(job, vocabulary);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        learner.Initialize(state, optimizerState);
        GoldenNn.Wave(streams * learner.Layout.CarriedPerStream, 0.7, 0.9).CopyTo(state.Floats[learner.Layout.ParameterCount..]);
        MicroBatch[] batches = SomeText.Batches(SomeText.Table(SomeText.Streams(streams, 30, vocabulary), window), streams, 2, 8);
        NumericBuffer whole = SomeText.Contribution(learner, state, batches);

        foreach (int count in new[] { 1, 2, 4 })
        {
            SumTree tree = new(8, ((ILearner)learner).Combine, _ => { });
            for (int first = 0; first < 8; first += count)
                tree.Offer(new Subtree(first, count), SomeText.Contribution(learner, state, batches.AsSpan(first, count)));
            tree.Total.Bytes.SequenceEqual(whole.Bytes).ShouldBeTrue($"subtrees of {count}");
        }
    }

    [Fact]
    public void Micro_batches_without_rows_contribute_zeros()
    {
        JobSpec job = SomeText.Job("window: 3, units: 4, embedding: 2", "batch: 2, micro-batches: 2");
        LanguageLearner learner = SomeText.Learner(job, 5);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength);
        RowTable table = SomeText.Table(SomeText.Streams(2, 9, 5), 3);
        MicroBatch empty = new(new TrainingShard(0, table, [], []), ReadOnlyMemory<int>.Empty);
        SomeText.Contribution(learner, state, [empty, empty]).Floats.ToArray().ShouldAllBe(number => number == 0);
    }
}
