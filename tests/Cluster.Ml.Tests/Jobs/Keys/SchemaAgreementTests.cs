using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Tests.Learning;

namespace Cluster.Ml.Tests.Jobs.Keys;

/// <summary>Schema and reader agree about jobs with one value changed: of each kind an example, each of its keys, values of every type.</summary>
public sealed class SchemaAgreementTests
{
    public static readonly TheoryData<string> Kinds = new(LearnerRegistry.Names);

    private static readonly string[] s_values = ["7", "-1", "1.5", "1e20", "\"qqqq\"", "true", "[ ]", "[ 1 ]", "{ }", "{ \"qqqq\": 1 }"];
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What a key says of another, or a number of texts, is no part of the schema.
    private static readonly string[] s_beyond = [" with kernel: ", " with task: ", " with kind: ", "to add up to 1", "a multiple of training.micro-batches", "wanted name to be", "a text is cut", "without a table"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_one_refuses_of_a_single_value_the_other_refuses(string kind)
    {
        JobSpec example = RegistryLawTests.JobOf(kind);
        JsonNode job = YamlAsJson.Of(example.Text)!;
        List<string> wrong = [];
        foreach (string[] path in Paths(job, []))
            foreach (string value in s_values)
                if (Disagreement(Changed(job, path, value), example.BaseDirectory) is { } what) wrong.Add($"{string.Join('.', path)}: {value}: {what}");

        wrong.ShouldBeEmpty();
    }

    private static string? Disagreement(JsonNode job, string folder)
    {
        string text = job.ToJsonString(s_plain), schema = KeySchemaTests.ErrorsOf(text);
        try
        {
            JobFile.Parse(text, "job.yaml", folder);
            return schema.Length == 0 ? null : $"the reader takes it, of the schema: {schema}";
        }
        catch (BadInputException refused)
        {
            return schema.Length > 0 || s_beyond.Any(words => refused.Message.Contains(words, StringComparison.Ordinal)) ? null : $"the schema takes it, the reader does not: {refused.Message}";
        }
    }

    private static JsonNode Changed(JsonNode job, string[] path, string value)
    {
        JsonNode changed = job.DeepClone(), at = changed;
        foreach (string key in path[..^1]) at = at is JsonArray list ? list[Index(key)]! : at[key]!;
        if (at is JsonArray items) items[Index(path[^1])] = JsonNode.Parse(value);
        else at[path[^1]] = JsonNode.Parse(value);
        return changed;
    }

    private static IEnumerable<string[]> Paths(JsonNode? node, string[] at)
    {
        if (at.Length > 0) yield return at;
        IEnumerable<(string Key, JsonNode? Value)> inner = node switch
        {
            JsonObject map => map.Select(entry => (entry.Key, entry.Value)),
            JsonArray list => list.Take(1).Select(item => ("0", item)),
            _ => [],
        };
        foreach ((string key, JsonNode? value) in inner)
            foreach (string[] path in Paths(value, [.. at, key])) yield return path;
    }

    private static int Index(string key) => int.Parse(key, CultureInfo.InvariantCulture);
}
