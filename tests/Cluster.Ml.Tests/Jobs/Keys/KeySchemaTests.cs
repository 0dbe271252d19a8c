using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Tests.Data;
using Json.Schema;

namespace Cluster.Ml.Tests.Jobs.Keys;

/// <summary>The JSON Schema of the job file, by a validator that knows nothing of jobs.</summary>
public sealed class KeySchemaTests
{
    private static readonly JsonSchema s_schema = JsonSchema.FromText(KeySchema.Write());

    public static TheoryData<string> Examples => new(Directory.EnumerateFiles(Path.GetDirectoryName(RepositoryFiles.Path("deploy", "jobs", "digits-mlp.yaml"))!, "*.yaml")
        .Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));

    [Fact]
    public void The_published_schema_is_that_of_the_program() => File.ReadAllText(RepositoryFiles.Path("deploy", "jobs", "job.schema.json"))
        .ShouldBe(KeySchema.Write(), "deploy/jobs/job.schema.json is not the program's; write it anew by: cluster schema > deploy/jobs/job.schema.json");

    [Fact]
    public void It_is_a_schema_of_its_draft() => MetaSchemas.Draft202012.Evaluate(Json(KeySchema.Write())).IsValid.ShouldBeTrue();

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_fits_as_it_is_written_and_with_every_default_filled_in(string example)
    {
        string path = RepositoryFiles.Path("deploy", "jobs", example);

        ErrorsOf(File.ReadAllText(path)).ShouldBeEmpty();
        ErrorsOf(JobFile.Read(path, []).Text).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("data: { source: a.csv }")]
    [InlineData("data: { target: y }\nmodel: { kind: softmax }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\nepochs: 3")]
    [InlineData("data: { source: a.csv, sorce: b.csv }\nmodel: { kind: softmax }")]
    [InlineData("data: { source: a.csv, scale: standart }\nmodel: { kind: softmax }")]
    [InlineData("data: { source: a.csv, scale: { minmax: 3 } }\nmodel: { kind: softmax }")]
    [InlineData("data: { source: a.csv, scale: { } }\nmodel: { kind: softmax }")]
    [InlineData("data: { source: a.csv, split: { train: 1.5 } }\nmodel: { kind: softmax }")]
    [InlineData("data: { source: a.csv, missing: guess }\nmodel: { kind: softmax }")]
    [InlineData("data: { source: a.csv, encode: onehot }\nmodel: { kind: softmax }")]
    [InlineData("data: { source: a.csv, separator: ';' }\nmodel: { kind: softmax }")]
    [InlineData("data: { source: a.csv, image: [ 8, 8 ] }\nmodel: { kind: softmax }")]
    [InlineData("name: ../a\ndata: { source: a.csv }\nmodel: { kind: softmax }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: oracle }")]
    [InlineData("data: { source: a.csv }\nmodel: { }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax, clusters: 3 }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: kmeans, clusters: 0 }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: mlp }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: mlp, layers: [ { dense: 0 } ] }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: mlp, layers: [ { densely: 3 } ] }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: mlp, layers: [ { dense: 3, dropout: 0.1 } ] }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: mlp, layers: [ { dense: 3, activation: rellu } ] }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: mlp, layers: [ { sum: [ [ { dense: 0 } ] ] } ] }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { micro-batches: 6 }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { epochs: 2.5 }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { optimizer: { adam: { rate: 0 } } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { optimizer: { adam: { }, sgd: { } } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { schedule: { step: { }, cosine: { } } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { mode: fast }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { mode: { stale: { steps: 1 } } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { compression: { top-k: 0 } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { compression: { feedback: true } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { speculation: soon }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\nprivacy: { delta: 1 }")]
    public void What_the_reader_refuses_of_a_single_key_does_not_fit(string text)
    {
        Should.Throw<Cluster.Ml.Data.BadInputException>(() => JobFile.Parse(text, "job.yaml", "/"));
        ErrorsOf(text).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("training: { optimizer: sgd }")]
    [InlineData("training: { optimizer: { sgd: { } } }")]
    [InlineData("training: { schedule: { warm-up: 10 } }")]
    [InlineData("training: { schedule: { cosine: { minimum: 0.1 }, warm-up: 10 } }")]
    [InlineData("training: { mode: stale }")]
    [InlineData("training: { compression: { kind: int8, feedback: true, window: 8 } }")]
    [InlineData("training: { compression: fp16, speculation: none, aggregate: mean }")]
    [InlineData("seed: 18446744073709551615")]
    [InlineData("priority: -5")]
    public void What_the_reader_takes_fits(string more)
    {
        string text = $"data: {{ source: a.csv, ignore: [ 7, '' ], missing: most-frequent, encode: {{ a: one-hot, 'b c': date }}, unseen: ignore, separator: tab, decimal: comma, scale: {{ minmax: [ [ 0, 1 ], [ 2, 3 ] ] }} }}\nmodel: {{ kind: softmax }}\n{more}";

        JobFile.Parse(text, "job.yaml", "/");

        ErrorsOf(text).ShouldBeEmpty();
    }

    /// <summary>What does not fit, or nothing.</summary>
    internal static string ErrorsOf(string yaml)
    {
        EvaluationResults results = s_schema.Evaluate(Json(YamlAsJson.Of(yaml)!.ToJsonString()), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid ? "" : string.Join('\n', (results.Details ?? []).Where(detail => detail.Errors is not null)
            .Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors!.Values)}").DefaultIfEmpty("does not fit"));
    }

    private static System.Text.Json.JsonElement Json(string text) => System.Text.Json.JsonDocument.Parse(text).RootElement;
}
