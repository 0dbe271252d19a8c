using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Jobs;

/// <summary>What a private job may not look for in its rows, and how it is given instead.</summary>
public sealed class PrivateJobTests : IDisposable
{
    private const string Model = "model: { kind: softmax }\nprivacy: { noise: 1 }\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-private");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("data: { source: a.csv, classes: [ a, b ], scale: minmax }\n", "job.yaml:1:50: wanted data.scale to be none, unit255 or given bounds")]
    [InlineData("data: { source: a.csv, classes: [ a, b ], scale: standard }\n", "job.yaml:1:50: wanted data.scale to be none, unit255 or given bounds")]
    [InlineData("data: { source: a.csv, classes: [ a, b ], missing: mean }\n", "job.yaml:1:52: wanted data.missing to be refuse or drop")]
    [InlineData("data: { source: a.csv, classes: [ a, b ], missing: indicator }\n", "job.yaml:1:52: wanted data.missing to be refuse or drop")]
    [InlineData("data: { source: a.csv, classes: [ a, b ], encode: auto }\n", "job.yaml:1:51: wanted data.encode to be none, or a mapping of columns to date or number")]
    [InlineData("data: { source: a.csv, classes: [ a, b ], encode: { c: ordinal } }\n", "job.yaml:1:51: wanted data.encode to be none, or a mapping of columns to date or number")]
    [InlineData("data: { source: a.csv, scale: { minmax: [ 0, 1 ] } }\n", "job.yaml:1:7: wanted data.classes where training is private")]
    [InlineData("data: { source: a.csv, classes: [] }\n", "job.yaml:1:7: wanted data.classes where training is private")]
    [InlineData("training: { early-stopping: { patience: 2 } }\ndata: { source: a.csv, classes: [ a, b ] }\n", "job.yaml:1:29: wanted training.early-stopping to be absent")]
    public void What_would_be_fitted_is_refused_with_its_place(string text, string message)
    {
        Should.Throw<BadInputException>(() => JobFile.Parse(text + Model, "job.yaml", "/")).Message.ShouldStartWith(message);
        JobFile.Parse(text + Model.Replace("privacy: { noise: 1 }\n", "", StringComparison.Ordinal), "job.yaml", "/").Privacy.ShouldBeNull();
    }

    [Fact]
    public void Bounds_for_all_columns_or_for_each_scale_rows_that_nobody_looked_at()
    {
        string source = Rows("a,b,target", "4,40,x", "12,10,y");

        PreparedData all = Load(source, "{ minmax: [ 0, 16 ] }"), each = Load(source, "{ minmax: [ [ 4, -10 ], [ 12, 90 ] ] }");

        all.Training.Table.Features.Floats.ToArray().Order().ShouldBe([0.25f, 0.625f, 0.75f, 2.5f]);
        each.Training.Table.Features.Floats.ToArray().Order().ShouldBe([0f, 0.2f, 0.5f, 1f]);
        all.Preprocessing.ToJson().ShouldNotContain("12");
    }

    [Theory]
    [InlineData("{ minmax: [ 1, 1 ] }")]
    [InlineData("{ minmax: [ 2, 1 ] }")]
    [InlineData("{ minmax: 3 }")]
    [InlineData("{ minmax: [ [ 0, 1 ], 2 ] }")]
    [InlineData("{ minmax: [ 0, x ] }")]
    public void Bounds_that_are_none_are_refused(string scale) =>
        Should.Throw<BadInputException>(() => JobFile.Parse($"data: {{ source: a.csv, scale: {scale} }}\nmodel: {{ kind: softmax }}\n", "job.yaml", "/"))
            .Message.ShouldContain("wanted data.scale to be minmax of a lower bound and an upper bound above it");

    [Theory]
    [InlineData("{ }")]
    [InlineData("{ standard: [ 0, 1 ] }")]
    public void So_is_a_mapping_without_their_key(string scale) =>
        Should.Throw<BadInputException>(() => JobFile.Parse($"data: {{ source: a.csv, scale: {scale} }}\nmodel: {{ kind: softmax }}\n", "job.yaml", "/"))
            .Message.ShouldContain("wanted data.scale to have the key 'minmax', got none; add minmax: [ 0, 16 ]");

    [Fact]
    public void Bounds_for_another_number_of_columns_are_refused() =>
        Should.Throw<BadInputException>(() => Load(Rows("a,b,target", "4,40,x", "12,10,y"), "{ minmax: [ [ 0, 0, 0 ], [ 1, 1, 1 ] ] }"))
            .Message.ShouldContain("wanted 3 features, as data.scale has bounds, got 2");

    [Fact]
    public void What_is_not_fitted_is_taken() =>
        JobFile.Parse("data: { source: a.csv, classes: [ a, b ], missing: drop, encode: { when: date, n: number }, separator: tab, decimal: comma }\n" + Model, "job.yaml", "/")
            .Data.Missing.ShouldBe(MissingKind.Drop);

    [Fact]
    public void The_key_privacy_is_read() =>
        JobFile.Parse("data: { source: a.csv, classes: [ x, y ] }\nmodel: { kind: softmax }\nprivacy: { clip: 1.0, noise: 1.1, delta: 1e-5, target-epsilon: 3.0 }\n", "job.yaml", "/")
            .Privacy.ShouldBe(new PrivacySpec(1, 1.1, 1e-5, 3));

    [Fact]
    public void The_text_of_a_job_keeps_them()
    {
        const string text = "data: { source: a.csv, classes: [ x, y ], scale: { minmax: [ [ 0, -1.5 ], [ 1, 0.1 ] ] } }\n" + Model;
        JobSpec job = JobFile.Parse(text, "job.yaml", "/");
        JobFile.Parse(job.Text, "job.yaml", "/").Data.ShouldBe(job.Data);
    }

    [Fact]
    public void Classes_without_rows_and_rows_of_other_classes_are_not_told()
    {
        string source = Rows("a,target", "1,y", "2,other", "3,x", "4,y");
        JobSpec job = JobFile.Parse($"data: {{ source: '{source}', split: {{ train: 1 }}, classes: [ z, y, x ] }}\n" + Model, "job.yaml", "/");

        PreparedData data = PreparedData.Load(job, NumberKind.Float32);

        data.Shape.Classes.ShouldBe(["z", "y", "x"]);
        data.Training.Count.ShouldBe(3);
        Enumerable.Range(0, 3).Select(row => data.Training.Table.Targets[row]).ShouldBe([1, 2, 1]);
    }

    private PreparedData Load(string source, string scale)
    {
        JobSpec job = JobFile.Parse($"data: {{ source: '{source}', split: {{ train: 1 }}, classes: [ x, y ], scale: {scale} }}\n" + Model, "job.yaml", "/");
        return PreparedData.Load(job, NumberKind.Float32);
    }

    private string Rows(params string[] lines)
    {
        string path = Path.Combine(_folder.FullName, "rows.csv");
        File.WriteAllLines(path, lines);
        return path;
    }
}
