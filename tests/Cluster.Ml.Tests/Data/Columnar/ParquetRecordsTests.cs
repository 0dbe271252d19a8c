using System.Buffers.Binary;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Data.Columns;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data.Columnar;

/// <summary>Tables that Apache Arrow's C++ writer wrote (tests/golden/parquet/make_tables.cs): two row groups of eight rows each.</summary>
public sealed class ParquetRecordsTests : IDisposable
{
    private static readonly string[] s_usual = ["data.target=y", "data.ignore=[ list, id ]", "data.encode=auto", "data.missing=mean"];
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Files => ["plain", "snappy", "gzip", "zstd", "lz4", "brotli"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_compression_and_encoding_gives_the_same_table(string name)
    {
        PreparedData data = Load(Golden(name), "softmax", [.. s_usual]);

        data.Shape.FeatureNames.ShouldBe(
        [
            "height", "weight", "count", "small", "flag", "price", "colour=grün", "colour=red", "when.year", "when.month", "when.day", "when.weekday",
            "at.year", "at.month", "at.day", "at.weekday",
        ]);
        data.Shape.Classes.ShouldBe(["no", "yes"]);
        data.Training.Table.DoublesOf(4).ToArray().ShouldBe([6, 1, -4, 254, 0, 4.25, 1, 0, 2024, 2, 24, 6, 2024, 12, 31, 2]);
        data.Training.Table.DoublesOf(15).ToArray().ShouldBe([22.5, 3.75, -15, 250, 1, 15.25, 0, 1, 2024, 2, 25, 7, 2024, 12, 31, 2]);
        data.Training.Table.Targets.ShouldBe([.. Enumerable.Repeat(0.0, 8), .. Enumerable.Repeat(1.0, 8)]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_null_and_a_number_that_is_none_are_missing_values(string name)
    {
        TableProfile table = TableProfile.Of(Golden(name), TableDialect.Usual);

        table.Columns.Where(column => column.Missing > 0).Select(column => $"{column.Name} {column.Missing}").ShouldBe(["height 2", "count 1", "price 1", "colour 1", "at 1"]);
        (table.Rows, table.IncompleteRows).ShouldBe((16L, 6L));
        table.Columns.Select(column => $"{column.Kind}").ShouldBe(["Number", "Number", "Number", "Number", "Number", "Number", "Number", "OneHot", "Date", "Date", "OneHot", "Number"]);
        table.Columns.Where(column => column.IsNested).Select(column => column.Name).ShouldBe(["list"]);
    }

    [Fact]
    public void Whole_numbers_that_no_double_tells_apart_are_different_classes() =>
        Load(Golden("snappy"), "tree", "data.target=id", "data.ignore=[ list, height, count, price, colour, when, at, y ]").Shape.Classes.Count.ShouldBe(16);

    [Fact]
    public void A_missing_number_is_refused_with_its_row() => Should.Throw<BadInputException>(
        () => Load(Golden("plain"), "softmax", "data.target=y", "data.ignore=[ list, id, colour, when, at ]")).Message.ShouldContain("a finite number in column 'price' in row 3");

    [Fact]
    public void A_column_of_lists_is_refused_where_it_is_looked_at() => Should.Throw<BadInputException>(
        () => Load(Golden("zstd"), "softmax", "data.target=y", "data.encode=none", "data.missing=mean", "data.ignore=[ id, colour, when, at ]")).Got.ShouldStartWith("lists");

    [Fact]
    public void Booleans_as_run_lengths_are_refused_in_words() =>
        Should.Throw<BadInputException>(() => Load(Golden("runs"), "softmax", [.. s_usual])).Message.ShouldContain("booleans in plain encoding in column 'flag', got run lengths");

    [Fact]
    public void Rows_are_the_same_from_memory_and_from_a_row_cache()
    {
        PreparedData memory = Load(Golden("gzip"), "softmax", [.. s_usual]);
        RowStorage small = RowStorage.Default with { MemoryBytesMax = 64, Folder = _folder.Path };

        PreparedData.Load(DataJobs.Of(Golden("gzip"), "softmax", [.. s_usual]), NumberKind.Float64, small).Sha256.ShouldBe(memory.Sha256);
    }

    [Fact]
    public void It_is_described_trained_on_and_predicted_and_columns_are_kept()
    {
        string file = Golden("brotli");
        TableProfile table = TableProfile.Find(file, null);
        JobSpec job = JobFile.Parse(new JobDraft(table, null).Write(file), "draft.yaml", "/", ["data.split={ train: 1 }", "data.unseen=ignore"]);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));

        SequentialTrainer.Train(job, data).Steps.ShouldBeGreaterThan(0);
        PreparedData.LoadForPrediction(file, data.Preprocessing, NumberKind.Float32).Count.ShouldBe(16);
        using KeptColumns kept = KeptColumns.Open(file, data.Preprocessing, ["id", "when"])!;
        kept.Next().ShouldBe(["9007199254740992", "2024-02-20"]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_that_is_cut_off_is_refused_wherever_it_ends(string name)
    {
        byte[] whole = File.ReadAllBytes(Golden(name));
        for (int length = 0; length < whole.Length; length += 397) Refused(whole[..length], $"{length} bytes");
    }

    /// <summary>Whatever one byte is changed to, the file is read or refused in words; nothing else is thrown, and nothing hangs.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_with_another_byte_is_read_or_refused(string name)
    {
        byte[] whole = File.ReadAllBytes(Golden(name));
        for (int at = 0; at < whole.Length; at += 97)
        {
            byte[] changed = [.. whole];
            changed[at] ^= (byte)(1 << (at % 8));
            changed[(at * 31) % whole.Length] = 0xFF;
            string file = _folder.Write("changed.parquet", changed);
            Exception? thrown = Record.Exception(() => Load(file, "softmax", [.. s_usual]));
            if (thrown is not null) thrown.ShouldBeOfType<BadInputException>($"byte {at}: {thrown}");
        }
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    public void A_description_that_states_more_than_there_is_is_refused(int length)
    {
        byte[] whole = File.ReadAllBytes(Golden("plain"));
        BinaryPrimitives.WriteInt32LittleEndian(whole.AsSpan(whole.Length - 8), length);

        Refused(whole, $"{length}");
    }

    [Theory]
    [InlineData("PK", "does not begin with PAR1")]
    [InlineData("", "0 bytes")]
    public void Another_file_of_that_name_is_refused(string text, string got) =>
        Should.Throw<BadInputException>(() => Load(_folder.Write("other.parquet", text + new string(' ', text.Length * 20)), "softmax", [.. s_usual])).Got.ShouldContain(got);

    private void Refused(byte[] bytes, string what)
    {
        string file = _folder.Write("broken.parquet", bytes);
        Should.Throw<BadInputException>(() => Load(file, "softmax", [.. s_usual]), what).Wanted.ShouldBe("a whole Parquet file");
    }

    private static string Golden(string name) => RepositoryFiles.Golden($"parquet/{name}.parquet");

    private static PreparedData Load(string file, string kind, params string[] settings) => PreparedData.Load(DataJobs.Of(file, kind, settings), NumberKind.Float64);
}
