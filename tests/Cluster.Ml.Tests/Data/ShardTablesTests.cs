using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

/// <summary>Who holds shards and no other rows has the same rows, bit for bit, and learns and measures the same.</summary>
public sealed class ShardTablesTests : IDisposable
{
    private const int Shards = 8;

    private static readonly RowStorage s_whole = RowStorage.Default with { MemoryBytesMax = long.MaxValue };
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    private RowStorage InMemory => new() { Folder = Path.Combine(_folder.Path, "cache"), MemoryBytesMax = long.MaxValue, WholeBytesMax = 0, Warn = _warnings.Add };

    private RowStorage Mapped => InMemory with { MemoryBytesMax = 0 };

    public void Dispose()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("iris.csv", "softmax", "data.scale=standard")]
    [InlineData("iris.csv", "kmeans", "data.scale=minmax")]
    [InlineData("diabetes.csv", "linear-regression", "data.scale=none")]
    [InlineData("breast_cancer.csv", "forest", "training.epochs=2")]
    [InlineData("digits.csv", "mlp", "data.scale=unit255")]
    [InlineData("iris.csv", "logistic", "data.classes=[0, 2]")]
    [InlineData("digits.csv", "softmax", "data.attack={ kind: label-flip, fraction: 0.3 }")]
    public void Shards_of_a_table_give_the_same_rows_and_the_same_model(string name, string kind, string setting) => SameRowsAndModel(
        DataJobs.Of(RepositoryFiles.Example(name), kind, "data.split={ train: 0.7, validation: 0.15, test: 0.15 }", "training.epochs=3", setting));

    [Theory]
    [InlineData("unit255")]
    [InlineData("standard")]
    public void Shards_of_images_give_the_same_rows_and_the_same_model(string scale)
    {
        SomeIdx.Write(_folder, images: 700, testImages: 50, height: 5, width: 3, packed: false);

        SameRowsAndModel(SomeIdx.Job(_folder.Path, "mlp", $"data.scale={scale}", "training.epochs=2"));
    }

    [Fact]
    public void A_table_with_gaps_and_categories_gives_the_same_model()
    {
        string rows = string.Concat(Enumerable.Range(0, 200).Select(i => $"{(i % 9 == 0 ? "" : $"{i % 13}")},{(i % 4 == 0 ? "north" : "south")},{i % 3}\n"));
        string file = _folder.Write("rows.csv", "a,side,target\n" + rows);

        SameRowsAndModel(DataJobs.Of(file, "softmax", "data.split={ train: 0.8, validation: 0.2, test: 0 }", "data.missing=indicator", "data.encode=one-hot", "training.epochs=2"));
    }

    [Fact]
    public void One_look_opens_all_shards_that_were_asked_for_and_no_others()
    {
        PreparedData data = PreparedData.Load(DataJobs.Of(RepositoryFiles.Example("iris.csv"), "softmax"), NumberKind.Float32, InMemory);
        TrainingShard[] asked = [data.Shard(5, Shards), data.Shard(2, Shards)];
        asked.ShouldAllBe(shard => !shard.IsOpen);

        asked[0].Table.Rows.ShouldBe(asked[0].Count);

        asked[1].IsOpen.ShouldBeTrue();
        asked[1].Table.Rows.ShouldBe(asked[1].Count);
        data.Shard(2, Shards).ShouldBeSameAs(asked[1]);
        data.Shard(3, Shards).IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void Shards_that_are_mapped_have_a_cache_each_that_the_next_process_finds()
    {
        JobSpec job = DataJobs.Of(RepositoryFiles.Example("iris.csv"), "softmax");
        PreparedData data = PreparedData.Load(job, NumberKind.Float32, Mapped);
        for (int index = 0; index < 3; index++) data.Shard(index, Shards).Table.Rows.ShouldBe(data.Shard(index, Shards).Count);
        Dictionary<string, DateTime> written = Directory.GetFiles(OwnFolder.Open(Mapped.Folder), "*.rows").ToDictionary(file => file, File.GetLastWriteTimeUtc);

        TrainingShard again = PreparedData.Load(job, NumberKind.Float32, Mapped).Shard(1, Shards);

        again.Table.FloatsOf(again.Rows[4]).ToArray().ShouldBe(data.Shard(1, Shards).Table.FloatsOf(4).ToArray());
        written.Count.ShouldBe(4);      // the source's and three shards'
        Directory.GetFiles(OwnFolder.Open(Mapped.Folder), "*.rows").ToDictionary(file => file, File.GetLastWriteTimeUtc).ShouldBe(written);
        _warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_that_the_folder_does_not_take_are_held_whole_with_a_warning(bool full)
    {
        RowStorage storage = full ? InMemory with { FolderBytesMax = 1000 } : InMemory with { Folder = _folder.Write("file", "") };
        JobSpec job = DataJobs.Of(RepositoryFiles.Example("iris.csv"), "softmax");

        PreparedData data = PreparedData.Load(job, NumberKind.Float32, storage);

        data.Shard(1, Shards).IsOpen.ShouldBeTrue();
        data.Sha256.ShouldBe(PreparedData.Load(job, NumberKind.Float32, s_whole).Sha256);
        _warnings.ShouldHaveSingleItem().ShouldContain("iris.csv: its rows cannot be kept in the data cache");
    }

    [Fact]
    public void A_source_that_is_small_enough_is_held_whole()
    {
        PreparedData data = PreparedData.Load(
            DataJobs.Of(RepositoryFiles.Example("iris.csv"), "softmax"), NumberKind.Float32, InMemory with { WholeBytesMax = 100_000 });

        data.Shard(0, Shards).Table.ShouldBeSameAs(data.Training.Table);
        Directory.Exists(InMemory.Folder).ShouldBeFalse();
    }

    private void SameRowsAndModel(JobSpec job)
    {
        NumberKind numbers = Learners.NumbersFor(job);
        PreparedData whole = PreparedData.Load(job, numbers, s_whole);
        TrainedModel wanted = SequentialTrainer.Train(job, whole);
        foreach (RowStorage storage in new[] { InMemory, Mapped })
        {
            PreparedData data = PreparedData.Load(job, numbers, storage);
            TrainedModel got = SequentialTrainer.Train(job, data);

            data.Training.Table.IsStreamed.ShouldBeTrue();
            data.Sha256.ShouldBe(whole.Sha256);
            data.Preprocessing.ToJson().ShouldBe(whole.Preprocessing.ToJson());
            data.Shard(3, Shards).Ids.ToArray().ShouldBe(whole.Shard(3, Shards).Ids.ToArray());
            got.Sha256.ShouldBe(wanted.Sha256);
            foreach ((Metrics measured, Metrics before) in new[] { (got.Training, wanted.Training), (got.Validation, wanted.Validation), (got.Test, wanted.Test) })
                measured.Values.ShouldBe(before.Values);
        }
        _warnings.ShouldBeEmpty();
    }
}
