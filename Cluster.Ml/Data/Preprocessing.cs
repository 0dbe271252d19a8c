using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Ml.Data.Columns;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data;

/// <summary>What must be done to new rows before a model can look at them; part of every model file.</summary>
/// <param name="FeatureNames">Columns in the model's order.</param>
/// <param name="TargetName">Column to predict; null if the source has labels in a file of their own, or none.</param>
/// <param name="TargetKind">What is predicted.</param>
/// <param name="Classes">Names of the classes in index order, or empty.</param>
/// <param name="Scaler">Fitted on the training rows.</param>
/// <param name="Image">Size of an image where rows are images, or null.</param>
public sealed record Preprocessing(
    IReadOnlyList<string> FeatureNames, string? TargetName, TargetKind TargetKind, IReadOnlyList<string> Classes, Scaler Scaler, ImageShape? Image)
{
    /// <summary>How a text becomes rows; null if rows are no text.</summary>
    public TextPreprocessing? Text { get; init; }

    /// <summary>What the columns of a table become before they are scaled; null if all are read as numbers, and none may be missing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TableEncoding? Encoding { get; init; }

    /// <summary>How tables are written; null for the usual way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TableDialect? Dialect { get; init; }

    /// <summary>The columns of a table that are read, in the model's order.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> ColumnNames => Encoding is { } encoding ? [.. encoding.Columns.Select(column => column.Name)] : FeatureNames;

    /// <summary>As JSON; numbers read back to the same bits.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PreprocessingJson.Default.Preprocessing);

    /// <summary>From what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is something else.</exception>
    public static Preprocessing FromJson(string json)
    {
        Preprocessing read = JsonSerializer.Deserialize(json, PreprocessingJson.Default.Preprocessing)
            ?? throw new JsonException("Preprocessing: wanted an object, got null.");
        int features = read.FeatureNames.Count;
        bool fits = read.Scaler.Offsets.Count is var o && (o == 0 || o == features) && read.Scaler.Divisors.Count is var d && (d <= 1 || d == features);
        if (read.Encoding is { } encoding && (!encoding.IsSound || !encoding.FeatureNames.SequenceEqual(read.FeatureNames)))
            throw new JsonException($"Preprocessing: wanted columns that become {features} features, got others.");
        return fits ? read : throw new JsonException($"Preprocessing: wanted a scaler of {features} features, got {read.Scaler.Offsets.Count} offsets and {read.Scaler.Divisors.Count} divisors.");
    }
}

/// <summary>How a text becomes the rows of a language model; the vocabulary is the classes.</summary>
/// <param name="Unit">What a token is.</param>
/// <param name="Window">Tokens of a row.</param>
/// <param name="Streams">Streams that the text is cut into.</param>
public sealed record TextPreprocessing(TextUnit Unit, int Window, int Streams);

[JsonSourceGenerationOptions(
    UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Preprocessing))]
internal sealed partial class PreprocessingJson : JsonSerializerContext;
