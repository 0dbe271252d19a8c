using System.Text;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Numerics;
using Cluster.Ml.Text.Word2Vec;

namespace Cluster.Ml.Tests.Text.Word2Vec;

public sealed class Word2VecLearnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("skip-gram")]
    [InlineData("cbow")]
    public void Words_in_the_same_company_come_near_each_other(string architecture)
    {
        JobSpec spec = Job(Animals(), $"model.architecture={architecture}", "training.epochs=20", "training.optimizer={sgd: {rate: 0.1}}");
        PreparedData data = PreparedData.Load(spec, NumberKind.Float32);

        TrainedModel model = SequentialTrainer.Train(spec, data);

        NearestWords words = Word2VecLearner.Create(spec, data.Shape).VectorsOf(model.State);
        words.Of("cat", 2).Select(near => near.Word).ShouldBe(["dog", "cow"], ignoreOrder: true);
        words.Of("red", 2).Select(near => near.Word).ShouldBe(["green", "blue"], ignoreOrder: true);
        model.Training["loss"]!.Value.ShouldBeLessThan(0.8 * Untrained(spec, data));
    }

    [Fact]
    public void A_subtree_gives_the_bits_of_its_micro_batches_combined()
    {
        (Word2VecLearner learner, NumericBuffer state, MicroBatch[] batches) = Begun();
        NumericBuffer whole = Contribution(learner, state, batches);

        NumericBuffer[] leaves = [.. batches.Select(batch => Contribution(learner, state, [batch]))];
        learner.Combine(leaves[0], leaves[1]);
        learner.Combine(leaves[2], leaves[3]);
        learner.Combine(leaves[0], leaves[2]);

        Used(learner, leaves[0]).ShouldBe(Used(learner, whole));
    }

    [Fact]
    public void A_contribution_holds_only_rows_that_its_passages_touch_and_an_update_moves_no_others()
    {
        (Word2VecLearner learner, NumericBuffer state, MicroBatch[] batches) = Begun();
        NumericBuffer contribution = Contribution(learner, state, batches[..1]), before = new(NumberKind.Float32, state.Length);
        before.CopyFrom(state);
        EmbeddingSum sum = new(learner.Layout, contribution.Floats);
        HashSet<int> touched = [];
        for (int record = 0; record < sum.Count; record++) touched.Add(sum.RowOf(record)).ShouldBeTrue();

        learner.Update(state, new NumericBuffer(NumberKind.Float32, 0), contribution, new StepContext(0, 0, 10));

        int width = learner.Layout.Width, moved = 0;
        for (int row = 0; row < learner.Layout.Rows; row++)
        {
            bool same = state.Floats.Slice(row * width, width).SequenceEqual(before.Floats.Slice(row * width, width));
            if (!same) moved++;
            if (!touched.Contains(row)) same.ShouldBeTrue();
        }
        moved.ShouldBeGreaterThan(0);
        touched.Count.ShouldBeLessThan(learner.Layout.Rows);
    }

    [Theory]
    [InlineData("skip-gram")]
    [InlineData("cbow")]
    public void A_step_allocates_nothing(string architecture)
    {
        (Word2VecLearner learner, NumericBuffer state, MicroBatch[] batches) = Begun($"model.architecture={architecture}");
        NumericBuffer optimizerState = new(NumberKind.Float32, 0), sum = new(NumberKind.Float32, learner.ContributionLength);
        IContributor contributor = learner.CreateContributor();

        Allocations.Least(() =>
        {
            contributor.Contribute(state, batches, sum, new StepContext(0, 0, 10));
            learner.Update(state, optimizerState, sum, new StepContext(0, 0, 10));
        }).ShouldBe(0);
    }

    [Fact]
    public void What_one_micro_batch_alone_moved_goes_all_its_way_and_what_all_moved_alike_goes_the_way_of_one()
    {
        const float rare = 1, frequent = 1e9f;
        float pace = Word2VecLearner.PaceAt(0.025f);

        Share(rare, 1).ShouldBe(1);
        Share(frequent, 1).ShouldBe(1);
        Share(rare, 4).ShouldBe(1, 0.03f);
        Share(frequent, 4).ShouldBe(0.25f, 1e-4f);

        float Share(float terms, int microBatches) =>
            Word2VecLearner.ShareOf(microBatches * terms, pace) / (microBatches * Word2VecLearner.ShareOf(terms, pace));
    }

    [Fact]
    public void The_rate_falls_in_a_straight_line_to_nearly_nothing()
    {
        EmbeddingPlan plan = new([1, 1], new Word2VecOptions { Dimensions = 4, Window = 2, Negatives = 1, Subsample = 0 }, 0.025, 5, 1);

        plan.RateAt(new StepContext(0, 0, 100)).ShouldBe(0.025f);
        plan.RateAt(new StepContext(250, 2, 100)).ShouldBe(0.0125f);
        plan.RateAt(new StepContext(499, 4, 100)).ShouldBe(1e-4f);
    }

    [Fact]
    public void Numbers_behind_the_dimensions_stay_zeros()
    {
        JobSpec spec = Job(Animals(), "model.dimensions=10", "training.epochs=2");
        TrainedModel model = SequentialTrainer.Train(spec, PreparedData.Load(spec, NumberKind.Float32));

        float[] state = model.State.Floats.ToArray();

        state.Where((_, i) => i % 16 >= 10).ShouldAllBe(number => number == 0);
        state.Where((_, i) => i % 16 < 10).ShouldContain(number => number != 0);
    }

    [Fact]
    public void A_rate_that_is_far_too_large_is_reported_as_divergence()
    {
        JobSpec spec = Job(Animals(), "training.optimizer={sgd: {rate: 1e30}}");

        Should.Throw<DivergedException>(() => SequentialTrainer.Train(spec, PreparedData.Load(spec, NumberKind.Float32)));
    }

    [Fact]
    public void A_text_with_a_single_word_is_refused()
    {
        JobSpec spec = Job("one one one\n");

        Should.Throw<BadInputException>(() => PreparedData.Load(spec, NumberKind.Float32)).Message.ShouldContain("at least 2 words");
    }

    private (Word2VecLearner Learner, NumericBuffer State, MicroBatch[] Batches) Begun(params string[] settings)
    {
        JobSpec spec = Job(Many(), settings);
        PreparedData data = PreparedData.Load(spec, NumberKind.Float32);
        Word2VecLearner learner = Word2VecLearner.Create(spec, data.Shape);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength);
        learner.Initialize(state, new NumericBuffer(NumberKind.Float32, 0));
        RandomStream stream = RandomStream.At(1, RandomPurpose.Initialize, 9);
        for (int i = 0; i < state.Length; i++)
            if (i % learner.Layout.Width < learner.Layout.Dimensions) state.Floats[i] = (float)(0.2 * stream.NextGaussian());
        MicroBatch[] batches = [.. Enumerable.Range(0, 4).Select(shard => new MicroBatch(data.Shard(shard, 4), new[] { 1, 0 }))];
        return (learner, state, batches);
    }

    private static NumericBuffer Contribution(Word2VecLearner learner, NumericBuffer state, MicroBatch[] batches)
    {
        NumericBuffer contribution = new(NumberKind.Float32, learner.ContributionLength);
        contribution.Floats.Fill(float.NaN);
        learner.CreateContributor().Contribute(state, batches, contribution, new StepContext(0, 0, 10));
        return contribution;
    }

    private static float[] Used(Word2VecLearner learner, NumericBuffer sum) =>
        sum.Floats[..new EmbeddingSum(learner.Layout, sum.Floats).UsedLength].ToArray();

    private static double Untrained(JobSpec spec, PreparedData data)
    {
        Word2VecLearner learner = Word2VecLearner.Create(spec, data.Shape);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength);
        learner.Initialize(state, new NumericBuffer(NumberKind.Float32, 0));
        return EvaluationPlan.Measure(learner, learner.CreateContributor(), state, data.Training, 4)["loss"]!.Value;
    }

    private JobSpec Job(string text, params string[] settings) => JobFile.Parse(
        $"""
        data: {"{"} source: {_folder.Write("text.txt", text)}, unit: letters, split: {"{"} train: 1.0, validation: 0.0 {"}"} {"}"}
        model: {"{"} kind: word2vec, dimensions: 20, window: 3, negatives: 3, subsample: 0 {"}"}
        training: {"{"} epochs: 3, batch: 8, micro-batches: 4 {"}"}
        """, "words.yaml", _folder.Path, settings);

    /// <summary>Animals among verbs, colours among things: two kinds of company.</summary>
    private static string Animals()
    {
        string[] animals = ["cat", "dog", "cow"], deeds = ["eats", "sleeps", "runs"], colours = ["red", "green", "blue"], things = ["paint", "ink", "cloth"];
        StringBuilder text = new();
        RandomStream stream = RandomStream.At(1, RandomPurpose.Shuffle);
        for (int line = 0; line < 3000; line++)
        {
            (string[] first, string[] second) = stream.Next(2) == 0 ? (animals, deeds) : (colours, things);
            text.Append(first[stream.Next(3)]).Append(' ').Append(second[stream.Next(3)]).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>A text of so many words that a passage sees only some of them.</summary>
    private static string Many()
    {
        StringBuilder text = new();
        RandomStream stream = RandomStream.At(2, RandomPurpose.Shuffle);
        for (int word = 0; word < 40 * 128; word++) text.Append(word % 9 == 8 ? '\n' : ' ').Append(Word(stream.Next(3000)));
        return text.ToString();
    }

    private static string Word(int number) => string.Concat(number.ToString(System.Globalization.CultureInfo.InvariantCulture).Select(digit => (char)('a' + digit - '0')));
}
