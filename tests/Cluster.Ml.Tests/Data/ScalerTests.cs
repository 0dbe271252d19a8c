using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

public class ScalerTests
{
    [Fact]
    public void Standard_scaling_gives_training_rows_mean_zero_and_deviation_one()
    {
        PreparedData data = PreparedData.Load(DataJobs.Of(RepositoryFiles.Example("breast_cancer.csv"), "softmax", "data.scale=standard", "data.split={ train: 0.7, test: 0.3 }"), NumberKind.Float64);
        int[] training = data.Training.Order.ToArray();

        for (int c = 0; c < data.Shape.Features; c++)
        {
            double[] column = [.. training.Select(r => data.Training.Table.DoublesOf(r)[c])];
            column.Average().ShouldBe(0, 1e-12);
            (column.Sum(v => v * v) / column.Length).ShouldBe(1, 1e-12);
        }
    }

    [Fact]
    public void Min_max_scaling_gives_training_rows_the_range_zero_to_one()
    {
        PreparedData data = PreparedData.Load(DataJobs.Of(RepositoryFiles.Example("iris.csv"), "softmax", "data.scale=minmax", "data.split={ train: 0.7, test: 0.3 }"), NumberKind.Float64);

        for (int c = 0; c < 4; c++)
        {
            double[] column = [.. data.Training.Order.ToArray().Select(r => data.Training.Table.DoublesOf(r)[c])];
            (column.Min(), column.Max()).ShouldBe((0, 1));
        }
    }

    [Fact]
    public void Rows_outside_the_training_split_change_nothing()
    {
        using TemporaryFolder folder = new();
        string Table(double factor, HashSet<int> changed) => "a,target\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{(changed.Contains(i) ? factor : 1) * (i + 1)},{i % 2}\n"));
        JobSpec Job(string text) => DataJobs.Of(folder.Write("rows.csv", text), "softmax", "data.scale=standard", "data.split={ train: 0.5, validation: 0.25, test: 0.25 }");
        PreparedData plain = PreparedData.Load(Job(Table(1, [])), NumberKind.Float64);
        HashSet<int> unseen = [.. plain.Validation.Order.ToArray(), .. plain.Test.Order.ToArray()];

        PreparedData changed = PreparedData.Load(Job(Table(1000, unseen)), NumberKind.Float64);

        changed.Scaler.Offsets.ShouldBe(plain.Scaler.Offsets);
        changed.Scaler.Divisors.ShouldBe(plain.Scaler.Divisors);
    }

    [Theory]
    [InlineData("standard")]
    [InlineData("minmax")]
    public void A_constant_column_becomes_zero(string scale)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", "a,b,target\n0.1,1,x\n0.1,2,y\n0.1,3,x\n");

        PreparedData data = PreparedData.Load(DataJobs.Of(file, "softmax", $"data.scale={scale}"), NumberKind.Float32);

        for (int row = 0; row < 3; row++) data.Training.Table.FloatsOf(row)[0].ShouldBe(0, 1e-6);
    }

    [Fact]
    public void Floats_are_the_doubles_rounded_once()
    {
        JobSpec spec = DataJobs.Of(RepositoryFiles.Example("diabetes.csv"), "linear-regression", "data.scale=standard");
        ReadOnlySpan<float> floats = PreparedData.Load(spec, NumberKind.Float32).Training.Table.Features.Floats;
        ReadOnlySpan<double> doubles = PreparedData.Load(spec, NumberKind.Float64).Training.Table.Features.Doubles;

        for (int i = 0; i < floats.Length; i++) floats[i].ShouldBe((float)doubles[i]);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("standard")]
    [InlineData("minmax")]
    [InlineData("unit255")]
    public void Preprocessing_reads_back_from_json_to_the_same_bits(string scale)
    {
        Preprocessing written = PreparedData.Load(DataJobs.Of(RepositoryFiles.Example("digits.csv"), "softmax", $"data.scale={scale}"), NumberKind.Float64).Preprocessing;

        Preprocessing read = Preprocessing.FromJson(written.ToJson());

        read.ToJson().ShouldBe(written.ToJson());
        read.Scaler.Offsets.ShouldBe(written.Scaler.Offsets);
        read.Scaler.Divisors.ShouldBe(written.Scaler.Divisors);
        read.Classes.ShouldBe(written.Classes);
        (read.TargetKind, read.TargetName, read.Image).ShouldBe((TargetKind.Class, "target", null));
    }

    [Fact]
    public void Preprocessing_that_does_not_fit_itself_is_refused()
    {
        string json = PreparedData.Load(DataJobs.Of(RepositoryFiles.Example("iris.csv"), "softmax", "data.scale=standard"), NumberKind.Float64).Preprocessing.ToJson();

        Should.Throw<System.Text.Json.JsonException>(() => Preprocessing.FromJson(json.Replace("\"featureNames\":[", "\"featureNames\":[\"more\",")));
        Should.Throw<System.Text.Json.JsonException>(() => Preprocessing.FromJson("{}"));
    }
}
