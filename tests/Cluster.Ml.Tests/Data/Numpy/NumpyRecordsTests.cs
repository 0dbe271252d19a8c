using Cluster.Ml.Data;
using Cluster.Ml.Data.Columns;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data.Numpy;

/// <summary>Tables of arrays that NumPy wrote (tests/golden/numpy/make_arrays.py).</summary>
public sealed class NumpyRecordsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_array_is_a_table_whose_columns_are_numbered()
    {
        PreparedData data = Load("doubles.npy", "linear-regression", "data.target=c1", "data.missing=mean");

        data.Shape.FeatureNames.ShouldBe(["c0", "c2"]);
        Rows(data).ShouldBe([[1.5, 0.25], [3, 0.005], [4.5, 8], [9, 11]]);
        data.Training.Table.Targets.ShouldBe([-2, 4, 7, 10]);
    }

    [Fact]
    public void Arrays_of_a_file_are_columns_of_their_names()
    {
        PreparedData data = Load("table.npz", "softmax", "data.target=y", "data.missing=most-frequent", "data.encode=auto");

        data.Shape.FeatureNames.ShouldBe(["x0", "x1", "x2", "colour=grün", "colour=red", "size=M", "size=S", "flag"]);
        data.Shape.Classes.ShouldBe(["0", "1"]);
        Rows(data).ShouldBe([[1.5, -2, 0.25, 0, 1, 0, 1, 1], [3, 4, 0.005, 1, 0, 1, 0, 0], [1.5, 7, 8, 0, 1, 0, 1, 1], [9, 10, 11, 0, 1, 0, 1, 1]]);
    }

    [Theory]
    [InlineData("f2")]
    [InlineData("f4")]
    [InlineData("f8")]
    [InlineData("i1")]
    [InlineData("i2")]
    [InlineData("i4")]
    [InlineData("i8")]
    [InlineData("u1")]
    [InlineData("u2")]
    [InlineData("u4")]
    [InlineData("u8")]
    [InlineData("bool")]
    public void Every_type_of_number_is_read(string type) =>
        Rows(Load($"{type}.npy", "kmeans", "model.clusters=2")).ShouldBe(type == "bool" ? [[0, 1], [1, 0]] : [[0, 1], [100, 2]]);

    [Fact]
    public void The_highest_byte_may_come_first() =>
        Rows(Load("big_endian.npy", "kmeans", "model.clusters=2", "data.missing=drop")).ShouldBe([[1.5, -2], [3, 4], [9, 10]]);

    [Theory]
    [InlineData("fortran.npy", "rows one after another (C order)")]
    [InlineData("objects.npy", "an array of numbers")]
    [InlineData("uneven.npz", "arrays of the same number of rows, 4 as in the first")]
    public void What_cannot_be_read_row_by_row_is_refused(string name, string wanted) =>
        Should.Throw<BadInputException>(() => Load(name, "kmeans", "model.clusters=2")).Wanted.ShouldContain(wanted);

    [Fact]
    public void A_missing_number_is_refused_with_its_row() =>
        Should.Throw<BadInputException>(() => Load("doubles.npy", "kmeans", "model.clusters=2")).Wanted.ShouldBe("a finite number in column 'c0' in row 3");

    [Fact]
    public void A_file_that_is_cut_off_is_refused_wherever_it_ends()
    {
        foreach (string name in new[] { "doubles.npy", "table.npz" })
        {
            byte[] whole = File.ReadAllBytes(RepositoryFiles.Golden($"numpy/{name}"));
            for (int length = 0; length < whole.Length; length += 7)
            {
                string file = _folder.Write(name, whole[..length]);
                Should.Throw<BadInputException>(() => PreparedData.Load(DataJobs.Of(file, "kmeans", "model.clusters=2", "data.missing=mean"), NumberKind.Float64), $"{name} of {length} bytes");
            }
        }
    }

    [Fact]
    public void It_is_described_trained_on_and_predicted()
    {
        string file = RepositoryFiles.Golden("numpy/table.npz");
        TableProfile table = TableProfile.Find(file, null);
        JobSpec job = JobFile.Parse(new JobDraft(table, null).Write(file), "draft.yaml", "/", ["data.split={ train: 1 }", "data.unseen=ignore"]);

        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));

        table.Columns.Select(column => $"{column.Name}: {column.Kind}").ShouldBe(
            ["x0: Number", "x1: Number", "x2: Number", "colour: OneHot", "size: OneHot", "y: Number", "flag: Number"]);
        (table.Rows, table.IncompleteRows, table.Separator, job.Data.Target).ShouldBe((4L, 1L, null, "y"));
        SequentialTrainer.Train(job, data).Steps.ShouldBeGreaterThan(0);
        PreparedData.LoadForPrediction(file, data.Preprocessing, NumberKind.Float32).Count.ShouldBe(4);
    }

    private static PreparedData Load(string name, string kind, params string[] settings) =>
        PreparedData.Load(DataJobs.Of(RepositoryFiles.Golden($"numpy/{name}"), kind, settings), NumberKind.Float64);

    private static double[][] Rows(PreparedData data) => [.. Enumerable.Range(0, data.Training.Table.Rows).Select(row => data.Training.Table.DoublesOf(row).ToArray())];
}
