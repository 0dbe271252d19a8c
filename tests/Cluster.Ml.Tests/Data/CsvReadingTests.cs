using System.Text;
using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

public class CsvReadingTests
{
    [Theory]
    [InlineData("a,b,target\n1,2,x\n3,4,y\n")]
    [InlineData("a,b,target\r\n1,2,x\r\n3,4,y")]
    [InlineData("\uFEFFa,b,target\n\n1,2,x\n3,4,y\n\n")]
    [InlineData("\"a\",\"b\",\"target\"\n\"1\",\"2\",\"x\"\n\"3\",\"4\",\"y\"\n")]
    [InlineData(" a , b , target \n 1 , 2 , x \n3,4,y\n")]
    [InlineData("a,target,b\n1,x,2\n3,y,4.0e0\n")]
    public void Equal_tables_are_read_equally_however_they_are_written(string text)
    {
        using TemporaryFolder folder = new();
        PreparedData data = PreparedData.Load(DataJobs.Of(folder.Write("rows.csv", text), "softmax"), NumberKind.Float64);

        data.Shape.FeatureNames.ShouldBe(["a", "b"]);
        data.Shape.Classes.ShouldBe(["x", "y"]);
        data.Training.Table.Features.Doubles.ToArray().ShouldBe([1, 2, 3, 4]);
        data.Training.Table.Targets.ShouldBe([0, 1]);
    }

    [Fact]
    public void A_quoted_field_may_hold_commas_quotes_and_line_ends()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", "a,target\n1,\"x, \"\"y\"\"\nz\"\n2,w\n");

        PreparedData.Load(DataJobs.Of(file, "softmax"), NumberKind.Float32).Shape.Classes.ShouldBe(["w", "x, \"y\"\nz"]);
    }

    [Fact]
    public void Gzip_is_unpacked()
    {
        using TemporaryFolder folder = new();
        byte[] packed = TemporaryFolder.Gzip(Encoding.UTF8.GetBytes("a,target\n1,x\n2,y\n"));
        byte[] twoMembers = [.. TemporaryFolder.Gzip("a,target\n1,x\n"u8.ToArray()), .. TemporaryFolder.Gzip("2,y\n"u8.ToArray())];

        foreach (byte[] bytes in new[] { packed, twoMembers })
            PreparedData.Load(DataJobs.Of(folder.Write("rows.csv.gz", bytes), "softmax"), NumberKind.Float32).Training.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("10,9,2,1.0,1,-1", "-1,1,2,9,10")]
    [InlineData("b,a,10,9", "10,9,a,b")]
    [InlineData("ä,z,Z", "Z,z,ä")]
    public void Classes_are_sorted_by_value_where_all_are_numbers_and_else_ordinally(string labels, string classes)
    {
        using TemporaryFolder folder = new();
        string rows = string.Concat(labels.Split(',').Select((l, i) => $"{i},{l}\n"));

        PreparedData data = PreparedData.Load(DataJobs.Of(folder.Write("rows.csv", "a,target\n" + rows), "softmax"), NumberKind.Float32);

        string.Join(',', data.Shape.Classes).ShouldBe(classes);
        data.Training.Table.Targets.Select(t => data.Shape.Classes[(int)t]).ShouldBe(labels.Split(',').Select(l => l == "1.0" ? "1" : l));
    }

    [Fact]
    public void Clustering_leaves_the_target_out_and_does_not_read_it()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", "a,name,b\n1,x,2\n3,,4\n");

        PreparedData data = PreparedData.Load(DataJobs.Of(file, "kmeans", "data.target=name", "model.clusters=2"), NumberKind.Float64);

        data.Shape.FeatureNames.ShouldBe(["a", "b"]);
        data.Shape.Classes.ShouldBeEmpty();
        data.Training.Table.Targets.ShouldBeEmpty();
    }

    [Fact]
    public void Ignored_columns_are_not_read()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", "id,a,target\nr1,1,x\n,2,y\n");

        PreparedData.Load(DataJobs.Of(file, "softmax", "data.ignore=[id]"), NumberKind.Float64).Shape.FeatureNames.ShouldBe(["a"]);
    }

    [Theory]
    [InlineData("iris.csv", 150, 4, "50,50,50")]
    [InlineData("digits.csv", 1797, 64, "178,182,177,183,181,182,181,179,174,180")]
    [InlineData("breast_cancer.csv", 569, 30, "212,357")]
    public void The_example_tables_have_their_published_sizes(string name, int rows, int features, string balance)
    {
        PreparedData data = PreparedData.Load(DataJobs.Of(RepositoryFiles.Example(name), "softmax"), NumberKind.Float64);

        data.Training.Count.ShouldBe(rows);
        data.Shape.Features.ShouldBe(features);
        string.Join(',', data.Training.Table.Targets.CountBy(t => t).OrderBy(p => p.Key).Select(p => p.Value)).ShouldBe(balance);
    }

    [Fact]
    public void The_diabetes_target_has_its_published_moments()
    {
        RowTargets targets = PreparedData.Load(DataJobs.Of(RepositoryFiles.Example("diabetes.csv"), "linear-regression"), NumberKind.Float64).Training.Table.Targets;

        targets.Length.ShouldBe(442);
        (targets.Min(), targets.Max()).ShouldBe((25, 346));
        targets.Average().ShouldBe(152.1335, 5e-5);
        Math.Sqrt(targets.Sum(t => Math.Pow(t - targets.Average(), 2)) / 441).ShouldBe(77.0930, 5e-5);
    }
}
