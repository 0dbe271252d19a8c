using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Jobs;
using Cluster.Messages;

namespace Cluster.Coordinator.Cli;

/// <summary>The result of a job as JSON for scripts and as lines for a person.</summary>
internal static class ResultJson
{
    /// <summary>What training gave.</summary>
    /// <param name="finished">How the job ended.</param>
    /// <param name="seconds">How long it took; NaN if that is not known.</param>
    /// <param name="examplesPerSecond">How fast it was; NaN if that is not known.</param>
    /// <param name="workers">How many there were.</param>
    /// <param name="folder">Where the model's file lies on this machine; null if it does not.</param>
    public static JsonObject OfTraining(JobFinished finished, double seconds, double examplesPerSecond, int workers, string? folder)
    {
        JsonObject result = new()
        {
            ["job"] = finished.Job.Value,
            ["status"] = StatusName(finished.Status),
            ["model"] = NullIfEmpty(finished.ModelPath),
            ["model_sha256"] = NullIfEmpty(finished.ModelSha256),
            ["file_sha256"] = finished.ModelSha256.Length > 0 && folder is not null ? Sha256Of(Path.Combine(folder, FileModelStore.FileName)) : null,
            ["steps"] = finished.Steps,
            ["epochs"] = finished.Epochs,
            ["examples_per_second"] = Number(Math.Round(examplesPerSecond, 1)),
            ["seconds"] = Number(Math.Round(seconds, 3)),
            ["workers"] = workers > 0 ? workers : null,
            ["metrics"] = new JsonObject
            {
                ["train"] = Figures(finished.Training),
                ["validation"] = Figures(finished.Validation),
                ["test"] = Figures(finished.Test),
            },
        };
        if (!finished.Exchange.IsEmpty) result["exchange"] = Figures(finished.Exchange);
        if (!double.IsNaN(finished.Epsilon))
            result["privacy"] = Privacy(finished);
        if (finished.Reason.Length > 0) result["reason"] = finished.Reason;
        return result;
    }

    /// <summary>What was spent, of the data by all runs, and which figures are of rows that ε does not cover.</summary>
    public static JsonObject Privacy(JobFinished finished) => new()
    {
        ["epsilon"] = Number(finished.Epsilon),
        ["delta"] = Number(finished.Delta),
        ["data_epsilon"] = Number(finished.DataEpsilon),
        ["not_covered"] = new JsonArray([.. NotCovered(finished).Select(name => (JsonNode)name)]),
    };

    /// <summary>The same as lines for a person; none if the job was not private.</summary>
    /// <param name="result">A result with what <see cref="Privacy"/> gives.</param>
    public static IEnumerable<string> PrivacyLines(JsonObject result)
    {
        if (result["privacy"] is not JsonObject privacy) yield break;
        yield return $"privacy    epsilon {Text(privacy["epsilon"], "G6")} at delta {Text(privacy["delta"], "G3")}";
        if (privacy["data_epsilon"] is { } spent) yield return $"           epsilon {Text(spent, "G6")} of all private runs on this data";
        if (privacy["not_covered"] is JsonArray { Count: > 0 } rows)
            yield return $"           not covered: the figures of {string.Join(" and ", rows)} rows";
    }

    private static string Text(JsonNode? number, string format) => number?.GetValue<double>().ToString(format, CultureInfo.InvariantCulture) ?? "unknown";

    private static string[] NotCovered(JobFinished finished) =>
    [
        .. finished.Validation.IsEmpty ? Array.Empty<string>() : ["validation"],
        .. finished.Test.IsEmpty ? Array.Empty<string>() : ["test"],
        .. finished.Tasks.IsEmpty ? Array.Empty<string>() : ["held-out"],
    ];

    public static string StatusName(JobStatus status) => JobStatusWord.Of(status);

    public static JsonObject Figures(ImmutableArray<NamedFigure> figures)
    {
        JsonObject named = [];
        foreach (NamedFigure figure in figures) named[figure.Name] = Number(figure.Value);
        return named;
    }

    public static string FigureLine(string split, ImmutableArray<NamedFigure> figures) =>
        $"{split,-11}" + string.Join("  ", figures.Select(figure => $"{figure.Name} {FigureText.Of(figure.Name, figure.Value)}"));

    /// <summary>JSON knows no NaN and no infinity; both are written as null.</summary>
    public static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    /// <summary>A file's identity, as sha256sum prints it.</summary>
    private static string Sha256Of(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static JsonValue? NullIfEmpty(string text) => text.Length == 0 ? null : JsonValue.Create(text);
}
