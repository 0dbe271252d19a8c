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
    /// <param name="seconds">How long it took; NaN where that is not known.</param>
    /// <param name="examplesPerSecond">How fast it was; NaN where that is not known.</param>
    /// <param name="workers">How many there were.</param>
    /// <param name="folder">Where the model's file lies on this machine; null where it does not.</param>
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
            result["privacy"] = new JsonObject { ["epsilon"] = Number(finished.Epsilon), ["delta"] = Number(finished.Delta) };
        if (finished.Reason.Length > 0) result["reason"] = finished.Reason;
        return result;
    }

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
