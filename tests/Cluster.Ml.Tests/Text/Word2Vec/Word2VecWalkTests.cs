using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Text.Word2Vec;

namespace Cluster.Ml.Tests.Text.Word2Vec;

/// <summary>
/// A micro-batch of one line of three words, windows of one word to either side, and so many noise draws that every other word is among
/// them: randomness decides nothing, so the walk can be followed in double precision by central differences.
/// </summary>
public sealed class Word2VecWalkTests : IDisposable
{
    private const float Rate = 0.125f;
    private static readonly string[] Line = ["first", "second", "third"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Skip_gram_takes_a_step_for_each_word_around_one() => ShouldWalk("skip-gram", around => around, moves => moves);

    [Fact]
    public void Cbow_takes_a_step_along_the_mean_of_the_words_around_one_and_moves_each_all_the_way() => ShouldWalk(
        "cbow",
        around => [[.. Enumerable.Range(0, around[0].Length).Select(i => around.Average(vector => vector[i]))]],
        moves => [.. Enumerable.Repeat(moves[0], 2)]);

    private void ShouldWalk(string architecture, Func<float[][], float[][]> inputsOf, Func<float[][], float[][]> movesOf)
    {
        (Word2VecLearner learner, NumericBuffer state, MicroBatch batch, IReadOnlyList<string> texts) = Begun(architecture);
        int[] words = [.. Line.Select(word => texts.ToList().IndexOf(word))];
        float[][] x = [.. words.Select(word => Row(learner, state, word))], y = [.. words.Select(word => Row(learner, state, learner.Layout.Words + word))];
        float[][] xBefore = Copy(x), yBefore = Copy(y);

        NumericBuffer contribution = new(NumberKind.Float32, learner.ContributionLength);
        learner.CreateContributor().Contribute(state, [batch], contribution, new StepContext(0, 0, 10));

        for (int centre = 0; centre < Line.Length; centre++)
        {
            int[] around = [.. new[] { centre - 1, centre + 1 }.Where(other => other >= 0 && other < Line.Length)];
            int[] targets = [centre, .. Enumerable.Range(0, Line.Length).Where(word => word != centre)];
            OneWindow.Moved moved = OneWindow.ByDifferences(inputsOf([.. around.Select(word => x[word])]), [.. targets.Select(word => y[word])], Rate);
            foreach ((int word, float[] move) in around.Zip(movesOf(moved.Inputs))) x[word] = Sum(x[word], move);
            foreach ((int word, float[] after) in targets.Zip(moved.TargetsAfter)) y[word] = after;
        }
        EmbeddingSum sum = new(learner.Layout, contribution.Floats);
        sum.Count.ShouldBe(2 * Line.Length);
        for (int record = 0; record < sum.Count; record++)
        {
            int row = sum.RowOf(record), word = Array.IndexOf(words, row % learner.Layout.Words);
            bool isInput = row < learner.Layout.Words;
            float[] wanted = Difference((isInput ? x : y)[word], (isInput ? xBefore : yBefore)[word]), got = sum.DecisionOf(record)[..wanted.Length].ToArray();
            for (int i = 0; i < wanted.Length; i++) got[i].ShouldBe(wanted[i], 1e-6f);
        }
    }

    private (Word2VecLearner Learner, NumericBuffer State, MicroBatch Batch, IReadOnlyList<string> Words) Begun(string architecture)
    {
        JobSpec spec = JobFile.Parse(
            $"""
            data: {"{"} source: {_folder.Write("text.txt", string.Join(' ', Line) + "\n")}, unit: letters, split: {"{"} train: 1.0, validation: 0.0 {"}"} {"}"}
            model: {"{"} kind: word2vec, architecture: {architecture}, dimensions: 20, window: 1, negatives: 40, subsample: 0 {"}"}
            training: {"{"} batch: 1, micro-batches: 1, optimizer: {"{"} sgd: {"{"} rate: {Rate} {"}"} {"}"} {"}"}
            """, "words.yaml", _folder.Path, []);
        PreparedData data = PreparedData.Load(spec, NumberKind.Float32);
        Word2VecLearner learner = Word2VecLearner.Create(spec, data.Shape);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength);
        RandomStream stream = RandomStream.At(1, RandomPurpose.Initialize, 3);
        for (int i = 0; i < state.Length; i++)
            if (i % learner.Layout.Width < learner.Layout.Dimensions) state.Floats[i] = (float)(0.4 * stream.NextGaussian());
        return (learner, state, new MicroBatch(data.Shard(0, 1), new[] { 0 }), data.Shape.Words!.Texts);
    }

    private static float[] Row(Word2VecLearner learner, NumericBuffer state, int row) =>
        state.Floats.Slice(row * learner.Layout.Width, learner.Layout.Dimensions).ToArray();

    private static float[][] Copy(float[][] rows) => [.. rows.Select(row => row.ToArray())];

    private static float[] Sum(float[] a, float[] b) => [.. a.Zip(b, (left, right) => left + right)];

    private static float[] Difference(float[] a, float[] b) => [.. a.Zip(b, (left, right) => left - right)];
}
