using System.Text.Json.Serialization;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Export;

/// <summary>The readable part of a model file.</summary>
internal sealed record ModelHeader(
    string Job, string BaseDirectory, DataShape Shape, string Preprocessing, NumberKind StateKind, int StateLength, string StateSha256,
    CourseStatus Status, long Steps, int Epochs, ModelFigures Training, ModelFigures Validation, ModelFigures Test,
    double? Epsilon, double? Delta);

/// <summary>Metrics in a form that JSON has.</summary>
internal sealed record ModelFigures(IReadOnlyList<string> Names, IReadOnlyList<double> Values, IReadOnlyList<IReadOnlyList<long>>? Confusion)
{
    public static ModelFigures Of(Metrics metrics)
    {
        long[][]? confusion = null;
        if (metrics.Confusion is { } counts)
            confusion = [.. Enumerable.Range(0, counts.GetLength(0))
                .Select(row => Enumerable.Range(0, counts.GetLength(1)).Select(column => counts[row, column]).ToArray())];
        return new ModelFigures([.. metrics.Values.Select(pair => pair.Key)], [.. metrics.Values.Select(pair => pair.Value)], confusion);
    }

    /// <summary>The metrics, or null if the lists do not fit each other.</summary>
    public Metrics? ToMetrics()
    {
        if (Names.Count != Values.Count) return null;
        KeyValuePair<string, double>[] figures = [.. Names.Zip(Values, KeyValuePair.Create)];
        if (Confusion is null) return figures.Length == 0 ? Metrics.None : new Metrics(figures);
        int columns = Confusion.Count == 0 ? 0 : Confusion[0].Count;
        long[,] counts = new long[Confusion.Count, columns];
        for (int row = 0; row < Confusion.Count; row++)
        {
            if (Confusion[row].Count != columns) return null;
            for (int column = 0; column < columns; column++) counts[row, column] = Confusion[row][column];
        }
        return new Metrics(figures, counts);
    }
}

[JsonSourceGenerationOptions(
    UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ModelHeader))]
internal sealed partial class ModelHeaderJson : JsonSerializerContext;
