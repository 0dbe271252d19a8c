using Cluster.Ml.Data;
using Cluster.Ml.Data.Text;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data.Text;

public sealed class TextWindowsTests
{
    [Fact]
    public void Streams_are_cut_into_windows_that_overlap_by_the_token_to_predict()
    {
        TextWindows windows = new(3);
        windows.Add([.. Enumerable.Range(0, 17)], 2).ShouldBe((2, 3));      // 8 tokens a stream; the 17th is left out
        RowTable table = windows.ToTable();
        float[][] rows = [.. Enumerable.Range(0, table.Rows).Select(row => table.FloatsOf(row).ToArray())];
        rows[0].ShouldBe([0f, 1, 2, 3]);
        rows[1].ShouldBe([3f, 4, 5, 6]);
        rows[2].ShouldBe([6f, 7, -1, -1]);
        rows[3].ShouldBe([8f, 9, 10, 11]);
        table.Targets.ShouldBe([1, 0, 0, 1, 0, 0]);
    }

    [Theory]
    [InlineData(0, 4, 0, 0)]
    [InlineData(1, 4, 0, 0)]
    [InlineData(5, 4, 2, 1)]
    [InlineData(8, 4, 4, 1)]
    [InlineData(28, 4, 4, 2)]      // 7 tokens: 6 to predict in windows of 3
    [InlineData(32, 4, 4, 3)]
    public void No_stream_is_shorter_than_two_tokens(int tokens, int asked, int streams, int perStream) =>
        new TextWindows(3).Add(new int[tokens], asked).ShouldBe((streams, perStream));

    [Fact]
    public void Step_t_of_an_epoch_takes_window_t_of_every_stream_and_no_other_rows()
    {
        using TemporaryFolder folder = new();
        JobSpec job = Job(folder.Write("a.txt", string.Concat(Enumerable.Range(0, 200).Select(i => (char)('a' + (i % 23))))));
        PreparedData data = PreparedData.Load(job, NumberKind.Float32);
        BatchPlan plan = BatchPlan.For(job, data.Shape.TrainingExamples, fullBatch: false);
        plan.StepsPerEpoch.ShouldBe(5);          // 160 tokens in 8 streams of 20: 19 to predict in windows of 4
        HashSet<int> seen = [];
        for (int shard = 0; shard < 4; shard++)
        {
            ShardSampler sampler = plan.CreateSampler(data.Shard(shard, 4));
            foreach (int epoch in new[] { 0, 3 })
                for (int step = 0; step < 5; step++)
                {
                    MicroBatch batch = sampler.MicroBatch(epoch, step);
                    int[] rows = [.. batch.Positions.ToArray().Select(position => batch.Shard.Rows[position])];
                    rows.ShouldBe([(shard * 5) + step, ((shard + 4) * 5) + step]);
                    foreach (int position in batch.Positions.Span) (batch.Shard.Ids[position] % 8).ShouldBe(batch.Shard.Rows[position] / 5);
                    seen.UnionWith(rows);
                }
        }
        seen.Count.ShouldBe(40);
        data.Training.Order.ToArray().ShouldBe(Enumerable.Range(0, 40));
        data.Validation.Order.ToArray().ShouldBe(Enumerable.Range(40, 8));
        data.Test.Count.ShouldBe(0);
    }

    [Fact]
    public void Rows_for_a_trained_model_are_cut_as_its_preprocessing_says()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("a.txt", string.Concat(Enumerable.Repeat("abcd", 40)));
        PreparedData data = PreparedData.Load(Job(path), NumberKind.Float32);
        Preprocessing read = Preprocessing.FromJson(data.Preprocessing.ToJson());
        read.Text.ShouldBe(new TextPreprocessing(TextUnit.Character, 4, 8));
        RowRange rows = PreparedData.LoadForPrediction(path, read, NumberKind.Float32);
        rows.Count.ShouldBe(40);
        rows.Table.FloatsOf(0).ToArray().ShouldBe(data.Training.Table.FloatsOf(0).ToArray());
        Should.Throw<BadInputException>(() => PreparedData.LoadForPrediction(folder.Write("b.txt", "a"), read, NumberKind.Float32)).Got.ShouldBe("1");
    }

    [Fact]
    public void Texts_that_are_too_short_and_folds_are_refused()
    {
        using TemporaryFolder folder = new();
        Should.Throw<BadInputException>(() => PreparedData.Load(Job(folder.Write("a.txt", "abcdefghij")), NumberKind.Float32)).Wanted.ShouldContain("16 training tokens for 8 streams");
        Should.Throw<BadInputException>(() => PreparedData.LoadFold(Job(folder.Write("b.txt", new string('a', 500))), NumberKind.Float32, 0, 5)).Got.ShouldContain("a text");
    }

    private static JobSpec Job(string source) => JobFile.Parse(
        $"data: {{ source: '{source}', unit: character, split: {{ train: 0.8, validation: 0.2 }} }}\nmodel: {{ kind: language-model, window: 4 }}\ntraining: {{ batch: 8, micro-batches: 4 }}",
        "job.yaml", "/");
}
