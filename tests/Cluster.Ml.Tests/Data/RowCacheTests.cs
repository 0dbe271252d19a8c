using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Numerics;

namespace Cluster.Ml.Tests.Data;

/// <summary>Rows of a row cache are the rows that are read into memory, bit for bit, and so is whatever is learned from them.</summary>
public sealed class RowCacheTests : IDisposable
{
    private static readonly RowStorage s_inMemory = RowStorage.Default with { MemoryBytesMax = long.MaxValue };
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    private RowStorage Mapped => new() { Folder = Path.Combine(_folder.Path, "cache"), MemoryBytesMax = 0, Warn = _warnings.Add };

    private string Own => OwnFolder.Open(Mapped.Folder);

    private string CacheFile => Directory.GetFiles(Own, "*.rows").ShouldHaveSingleItem();

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
    [InlineData("breast_cancer.csv", "logistic", "data.scale=standard")]
    [InlineData("digits.csv", "mlp", "data.scale=unit255")]
    [InlineData("digits.csv", "mlp", "data.split={ train: 0.7, validation: 0.15, test: 0.15, stratify: false }")]
    public void A_table_gives_the_same_rows_and_the_same_model(string name, string kind, string setting)
    {
        JobSpec job = DataJobs.Of(RepositoryFiles.Example(name), kind, "data.split={ train: 0.7, validation: 0.15, test: 0.15 }", setting, "training.epochs=3");

        SameRowsAndModel(job);
    }

    [Theory]
    [InlineData("unit255", false)]
    [InlineData("unit255", true)]
    [InlineData("standard", false)]
    [InlineData("minmax", false)]
    [InlineData("none", false)]
    public void Images_give_the_same_rows_and_the_same_model(string scale, bool packed)
    {
        SomeIdx.Write(_folder, images: 700, testImages: 50, height: 5, width: 3, packed);

        SameRowsAndModel(SomeIdx.Job(_folder.Path, "mlp", $"data.scale={scale}", "training.epochs=2"));
    }

    [Fact]
    public void A_cache_of_several_blocks_gives_the_same_rows()
    {
        SomeIdx.Write(_folder, images: 4000, testImages: 100, height: 28, width: 28, packed: false);
        JobSpec job = SomeIdx.Job(_folder.Path, "softmax");

        PreparedData mapped = PreparedData.Load(job, NumberKind.Float32, Mapped), memory = PreparedData.Load(job, NumberKind.Float32, s_inMemory);

        mapped.Sha256.ShouldBe(memory.Sha256);
        new FileInfo(CacheFile).Length.ShouldBeGreaterThan(3 * RowCacheHeader.BlockBytes);
    }

    [Fact]
    public void Folds_and_jobs_with_other_seeds_share_one_cache()
    {
        JobSpec job = DataJobs.Of(RepositoryFiles.Example("iris.csv"), "softmax", "data.scale=standard");
        PreparedData.Load(job, NumberKind.Float32, Mapped);
        DateTime written = File.GetLastWriteTimeUtc(CacheFile);

        for (int fold = 0; fold < 3; fold++)
        {
            PreparedData mapped = PreparedData.LoadFold(job, NumberKind.Float32, fold, 3, Mapped), memory = PreparedData.LoadFold(job, NumberKind.Float32, fold, 3, s_inMemory);
            mapped.Sha256.ShouldBe(memory.Sha256);
            mapped.SourceSha256.ShouldBe(memory.SourceSha256);
            mapped.Test.Order.ToArray().ShouldBe(memory.Test.Order.ToArray());
        }
        PreparedData.Load(job with { Seed = 7 }, NumberKind.Float64, Mapped);

        File.GetLastWriteTimeUtc(CacheFile).ShouldBe(written);
        _warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Rows_to_predict_are_the_same()
    {
        string file = RepositoryFiles.Example("iris.csv");
        Preprocessing trained = PreparedData.Load(DataJobs.Of(file, "softmax", "data.scale=standard"), NumberKind.Float32, s_inMemory).Preprocessing;

        RowRange mapped = PreparedData.LoadForEvaluation(file, trained, [], NumberKind.Float32, Mapped), memory = PreparedData.LoadForEvaluation(file, trained, [], NumberKind.Float32, s_inMemory);

        mapped.Order.ToArray().ShouldBe(memory.Order.ToArray());
        mapped.Table.Sha256().ShouldBe(memory.Table.Sha256());
    }

    [Fact]
    public void A_source_that_changed_gets_a_cache_of_its_own()
    {
        string file = _folder.Write("rows.csv", "a,target\n1,2\n3,4\n");
        DateTime time = File.GetLastWriteTimeUtc(file);
        PreparedData.Load(DataJobs.Of(file, "linear-regression"), NumberKind.Float64, Mapped);
        _folder.Write("rows.csv", "a,target\n1,2\n3,5\n");
        File.SetLastWriteTimeUtc(file, time);      // as long as before, and as old

        PreparedData.Load(DataJobs.Of(file, "linear-regression"), NumberKind.Float64, Mapped).Training.Table.Targets.ShouldBe([2, 5]);

        Directory.GetFiles(Own, "*.rows").Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("a byte of the rows", "block 1 of 1")]
    [InlineData("a byte of the header", "CRC-32C")]
    [InlineData("a byte of the checksums", "checksums")]
    [InlineData("magic", "magic")]
    [InlineData("another version", "wanted version 1, got 2")]
    [InlineData("cut short", "bytes, got")]
    [InlineData("empty", "wanted a header of 4096 bytes, got 0")]
    [InlineData("other rows", "got those of")]
    public void A_damaged_cache_is_named_and_built_anew(string damage, string error)
    {
        JobSpec job = DataJobs.Of(RepositoryFiles.Example("iris.csv"), "softmax");
        string wanted = PreparedData.Load(job, NumberKind.Float32, Mapped).Sha256;
        byte[] sound = File.ReadAllBytes(CacheFile);
        // A file of its own: the first is still mapped.
        string path = CacheFile;
        byte[] damaged = [.. sound];
        switch (damage)
        {
            case "a byte of the rows": damaged[RowCacheHeader.Bytes + 77] ^= 1; break;
            case "a byte of the header": damaged[20] ^= 1; break;
            case "a byte of the checksums": damaged[^1] ^= 1; break;
            case "magic": damaged[0] ^= 1; break;
            case "another version": damaged[8] = 2; break;
            case "cut short": damaged = damaged[..^5]; break;
            case "empty": damaged = []; break;
            default:
                PreparedData.Load(DataJobs.Of(RepositoryFiles.Example("diabetes.csv"), "linear-regression"), NumberKind.Float32, Mapped);
                damaged = File.ReadAllBytes(Directory.GetFiles(Own, "*.rows").Single(other => other != path));
                break;
        }
        File.Delete(path);
        File.WriteAllBytes(path, damaged);

        PreparedData.Load(job, NumberKind.Float32, Mapped).Sha256.ShouldBe(wanted);

        _warnings.ShouldHaveSingleItem().ShouldContain(error);
        _warnings[0].ShouldStartWith(path);
        File.ReadAllBytes(path).ShouldBe(sound);
    }

    [Fact]
    public void What_a_builder_left_that_was_killed_is_written_over()
    {
        foreach (string left in new[] { "builder-0.part", "builder-0.part.targets", "builder-0.part.lock" })
            File.WriteAllBytes(Path.Combine(Own, left), new byte[100_000]);
        JobSpec job = DataJobs.Of(RepositoryFiles.Example("iris.csv"), "softmax");

        PreparedData.Load(job, NumberKind.Float32, Mapped).Sha256.ShouldBe(PreparedData.Load(job, NumberKind.Float32, s_inMemory).Sha256);

        Directory.GetFiles(Own).Select(Path.GetFileName).ShouldBe([Path.GetFileName(CacheFile), "builder-0.part.lock", "CACHEDIR.TAG"], ignoreOrder: true);
    }

    [Fact]
    public async Task Several_that_need_a_cache_at_once_agree()
    {
        JobSpec job = DataJobs.Of(RepositoryFiles.Example("digits.csv"), "softmax");

        string[] hashes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => PreparedData.Load(job, NumberKind.Float32, Mapped).Sha256)));

        hashes.Distinct().ShouldHaveSingleItem().ShouldBe(PreparedData.Load(job, NumberKind.Float32, s_inMemory).Sha256);
        _warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Two_builders_at_once_have_files_of_their_own()
    {
        using BuilderSlot first = BuilderSlot.Take(Own), second = BuilderSlot.Take(Own);

        second.Part.ShouldNotBe(first.Part);
    }

    [Fact]
    public void The_oldest_cache_makes_room()
    {
        RowStorage small = Mapped with { FolderBytesMax = 200_000 };
        PreparedData.Load(DataJobs.Of(RepositoryFiles.Example("breast_cancer.csv"), "logistic"), NumberKind.Float64, small);
        string first = CacheFile;
        File.SetLastWriteTimeUtc(first, new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        PreparedData.Load(DataJobs.Of(RepositoryFiles.Example("breast_cancer.csv"), "softmax", "data.ignore=[mean_area]"), NumberKind.Float64, small);

        CacheFile.ShouldNotBe(first);
    }

    [Fact]
    public void A_table_that_is_larger_than_the_folder_may_be_is_refused_and_leaves_nothing()
    {
        string file = RepositoryFiles.Example("digits.csv");

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "softmax"), NumberKind.Float32, Mapped with { FolderBytesMax = 50_000 }));

        (error.File, error.Wanted).ShouldBe((file, "rows that fit a data cache of 50000 bytes"));
        error.Advice.ShouldContain("data-cache-limit");
        Directory.GetFiles(Own).Select(Path.GetFileName).ShouldBe(["builder-0.part.lock", "CACHEDIR.TAG"], ignoreOrder: true);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_named()
    {
        string file = RepositoryFiles.Example("iris.csv"), folder = _folder.Write("file", "");

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "softmax"), NumberKind.Float32, Mapped with { Folder = folder }));

        error.File.ShouldBe(file);
        error.Wanted.ShouldContain(folder);
    }

    [Fact]
    public void A_fault_far_down_a_table_is_named_with_its_line()
    {
        const int rows = 60_000, at = 54_321;
        string text = "a,b,target\n" + string.Concat(Enumerable.Range(1, rows).Select(row => row == at ? "1,two,3\r\n" : row % 7 == 0 ? "1,2,\"3\"\n" : "1.25,-2,3\r\n"));
        string file = _folder.Write("rows.csv", text);

        BadInputException error = Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "linear-regression"), NumberKind.Float64, Mapped));

        (error.File, error.Line, error.Column).ShouldBe((file, at + 1, 3));
        (error.Wanted, error.Got).ShouldBe(("a number in column 'b'", "'two'"));
        Directory.GetFiles(Own, "*.rows").ShouldBeEmpty();
    }

    [Fact]
    public void Images_that_end_too_soon_are_named_with_the_row()
    {
        SomeIdx.Write(_folder, images: 700, testImages: 0, height: 5, width: 3, packed: false);
        string images = Path.Combine(_folder.Path, SomeIdx.Images);
        byte[] all = File.ReadAllBytes(images);
        _folder.Write(SomeIdx.Images, all[..^20]);

        BadInputException plain = Should.Throw<BadInputException>(() => PreparedData.Load(SomeIdx.Job(_folder.Path, "softmax"), NumberKind.Float32, Mapped));
        File.Delete(images);
        _folder.Write(SomeIdx.Images + ".gz", TemporaryFolder.Gzip(all[..^20]));
        BadInputException packed = Should.Throw<BadInputException>(() => PreparedData.Load(SomeIdx.Job(_folder.Path, "softmax"), NumberKind.Float32, Mapped));

        plain.File.ShouldBe(images);
        packed.File.ShouldBe(images + ".gz");
        foreach (BadInputException error in new[] { plain, packed })
        {
            error.Wanted.ShouldBe("700 images of 5 x 3 bytes after the header");
            error.Got.ShouldBe("10480 bytes, which end in row 699");
        }
    }

    [Fact]
    public void Looking_at_mapped_rows_allocates_nothing()
    {
        RowTable table = PreparedData.Load(DataJobs.Of(RepositoryFiles.Example("digits.csv"), "softmax", "data.scale=standard"), NumberKind.Float32, Mapped).Training.Table;
        for (int row = 0; row < RowScratch.RowsAtOnce; row++) table.FloatsOf(row);      // the thread's buffers
        double sum = 0;

        Allocations.Least(() =>
        {
            for (int row = 0; row < table.Rows; row++) sum += table.FloatsOf(row)[20] + table.Targets[row];
        }).ShouldBe(0);

        double.IsFinite(sum).ShouldBeTrue();
    }

    [Fact]
    public void Checksums_are_those_of_RFC_3720()
    {
        Checksum.Of(new byte[32]).ShouldBe(0x8A9136AAu);
        Checksum.Of([.. Enumerable.Repeat((byte)0xFF, 32)]).ShouldBe(0x62A8AB43u);
        Checksum.Of([.. Enumerable.Range(0, 32).Select(i => (byte)i)]).ShouldBe(0x46DD794Eu);
    }

    private void SameRowsAndModel(JobSpec job)
    {
        NumberKind numbers = Learners.NumbersFor(job);
        PreparedData mapped = PreparedData.Load(job, numbers, Mapped), memory = PreparedData.Load(job, numbers, s_inMemory);

        mapped.Sha256.ShouldBe(memory.Sha256);
        mapped.Preprocessing.ToJson().ShouldBe(memory.Preprocessing.ToJson());
        mapped.Training.Order.ToArray().ShouldBe(memory.Training.Order.ToArray());
        mapped.Validation.Order.ToArray().ShouldBe(memory.Validation.Order.ToArray());
        SequentialTrainer.Train(job, mapped).Sha256.ShouldBe(SequentialTrainer.Train(job, memory).Sha256);
        Should.Throw<InvalidOperationException>(() => mapped.Training.Table.Features);
        _ = CacheFile;
    }
}
