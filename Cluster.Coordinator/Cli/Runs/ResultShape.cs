using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cluster.Coordinator.Cli.Runs;

/// <summary>Whether a result read from a file is built as training builds it, so that nothing that reads it meets a text in place of a number.</summary>
/// <remarks>Range  a key may be missing or null; keys that are not known here may hold anything</remarks>
internal static class ResultShape
{
    private static readonly string[] s_texts = ["job", "status", "model", "model_sha256", "file_sha256", "images", "reason"];
    private static readonly string[] s_numbers = ["seconds", "examples_per_second"];
    private static readonly string[] s_wholes = ["steps", "epochs", "workers"];
    private static readonly string[] s_figures = ["exchange", "importance"];

    private static readonly string[] s_metrics = ["train", "validation", "test"];

    /// <summary>How a result is parsed: a key that is written twice is refused, as everything else that is no JSON.</summary>
    public static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Whether it is.</summary>
    public static bool Fits(JsonObject result) =>
        s_texts.All(key => IsText(result[key])) && s_numbers.All(key => IsNumber(result[key])) && s_wholes.All(key => IsWhole(result[key]))
        && s_figures.All(key => AreFigures(result[key]))
        && result["metrics"] is null or JsonObject && s_metrics.All(split => AreFigures(result["metrics"]?[split]))
        && IsPrivacy(result["privacy"]) && IsDiagnosis(result["diagnosis"]);

    private static bool IsPrivacy(JsonNode? privacy) => privacy is null
        || (privacy is JsonObject spent && IsNumber(spent["epsilon"]) && IsNumber(spent["delta"]) && IsNumber(spent["data_epsilon"]) && AreTexts(spent["not_covered"]));

    private static bool IsDiagnosis(JsonNode? diagnosis) => diagnosis is null
        || (diagnosis is JsonObject said && IsText(said["fit"]) && AreTexts(said["reasons"]) && AreTexts(said["remedies"]));

    private static bool AreFigures(JsonNode? node) => node is null || (node is JsonObject figures && figures.All(figure => IsNumber(figure.Value)));

    private static bool AreTexts(JsonNode? node) => node is null || (node is JsonArray texts && texts.All(text => text is not null && IsText(text)));

    private static bool IsText(JsonNode? node) => node is null || node.GetValueKind() == JsonValueKind.String;

    private static bool IsNumber(JsonNode? node) => node is null || (node is JsonValue value && value.TryGetValue(out double _));

    private static bool IsWhole(JsonNode? node) => node is null || (node is JsonValue value && value.TryGetValue(out long _));
}
