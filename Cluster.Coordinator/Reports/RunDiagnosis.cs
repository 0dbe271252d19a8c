using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;

namespace Cluster.Coordinator.Reports;

/// <summary>How the model of a run fits, by its training rows and by those that it has not learned from.</summary>
/// <param name="Split">Which those are: validation, or else test.</param>
/// <param name="Fit">The rule's answer.</param>
internal sealed record RunDiagnosis(string Split, FitDiagnosis Fit)
{
    private static readonly string[] s_held = ["validation", "test"];

    /// <summary>The verdict in one word, for scripts.</summary>
    public string Word => Fit.Verdict switch
    {
        Ml.Evaluation.Fit.Underfitting => "underfitting",
        Ml.Evaluation.Fit.Overfitting => "overfitting",
        Ml.Evaluation.Fit.Both => "both",
        _ => "just-right",
    };

    /// <summary>Judges a run; null if nothing can be said.</summary>
    /// <param name="metrics">Figures by split, as training gives them.</param>
    /// <param name="read">Gives the data of its job; not asked unless there are figures to judge by.</param>
    public static RunDiagnosis? Of(JsonObject metrics, Func<PreparedData> read)
    {
        foreach (string split in s_held)
        {
            if (Number(metrics, "train", "accuracy") is { } training && Number(metrics, split, "accuracy") is { } accuracy)
                return read() is { Shape.Words: null } data && data.Preprocessing.Text is null
                    ? With(split, FitDiagnosis.OfAccuracy(training, accuracy, RowsOf(split, data), ConstantOf(data))) : null;
            if (Number(metrics, "train", "r2") is { } explained && Number(metrics, split, "r2") is { } r2)
                return With(split, FitDiagnosis.OfR2(explained, r2, RowsOf(split, read())));
        }
        return null;
    }

    /// <summary>For scripts.</summary>
    public JsonObject ToJson() => new()
    {
        ["fit"] = Word,
        ["held_out"] = Split,
        ["training_error"] = ResultJson.Number(Fit.TrainingError),
        ["held_out_error"] = ResultJson.Number(Fit.HeldOutError),
        ["noise"] = ResultJson.Number(Fit.Noise),
        ["reasons"] = new JsonArray([.. Fit.Reasons.Select(text => (JsonNode)JsonValue.Create(text))]),
        ["remedies"] = new JsonArray([.. Fit.Remedies.Select(text => (JsonNode)JsonValue.Create(text))]),
    };

    /// <summary>The same for a person; none if training said none.</summary>
    /// <param name="result">What training gave.</param>
    public static IEnumerable<string> Lines(JsonObject result)
    {
        if (result["diagnosis"] is not JsonObject diagnosis) yield break;
        string head = "fit        ";
        foreach (string text in Texts(diagnosis, "reasons").Take(1).Concat((string?)diagnosis["fit"] == "just-right" ? [] : Texts(diagnosis, "remedies").Take(1)))
        {
            yield return head + text;
            head = new string(' ', head.Length);
        }
    }

    private static IEnumerable<string> Texts(JsonObject diagnosis, string key) => diagnosis[key]?.AsArray().Select(text => (string)text!) ?? [];

    private static RunDiagnosis? With(string split, FitDiagnosis? fit) => fit is null ? null : new(split, fit);

    private static int RowsOf(string split, PreparedData data) => split == "test" ? data.Test.Count : data.Validation.Count;

    /// <summary>The accuracy of saying the most frequent class of the training rows.</summary>
    private static double ConstantOf(PreparedData data)
    {
        int[] counts = new int[Math.Max(1, data.Shape.Classes.Count)];
        RowRange rows = data.Training;
        foreach (int row in rows.Order.Span) counts[(int)rows.Table.Targets[row]]++;
        return rows.Count == 0 ? 1 : (double)counts.Max() / rows.Count;
    }

    /// <summary>A figure of a split; null if the result has none, or something else in its place.</summary>
    internal static double? Number(JsonObject metrics, string split, string figure) =>
        metrics[split] is JsonObject figures && figures[figure] is JsonValue value && value.TryGetValue(out double number) ? number : null;
}
