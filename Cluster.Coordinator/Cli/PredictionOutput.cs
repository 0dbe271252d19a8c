using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using CsvHelper;

namespace Cluster.Coordinator.Cli;

/// <summary>Writes predictions: as CSV, or as JSON. The columns that are kept come first.</summary>
internal sealed class PredictionOutput(Predictions predictions, KeptColumns? kept)
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>One line a row.</summary>
    public void WriteCsv(TextWriter text)
    {
        using CsvWriter csv = CsvWriter.Create(text, new CsvWriterOptions(), leaveOpen: true);
        csv.WriteRecord([.. kept?.Names ?? [], .. predictions.Form.Columns]);
        foreach (Prediction prediction in Counted())
            csv.WriteRecord([.. kept?.Next() ?? [], .. predictions.Form.Fields(prediction.Value, prediction.Scores)]);
    }

    /// <summary>How many rows were written, and of a model of classes how many of each.</summary>
    public JsonObject Summary(string modelSha256)
    {
        JsonObject result = new() { ["model_sha256"] = modelSha256, ["rows"] = predictions.Count };
        if (!predictions.Form.Classifies) return result;
        JsonObject counts = [];
        foreach ((string name, long count) in _counts) counts[name] = count;
        result["counts"] = counts;
        return result;
    }

    /// <summary>One object a row.</summary>
    public JsonArray ToJson() => new([.. Counted().Select(prediction => (JsonNode)RowJson(prediction))]);

    private JsonObject RowJson(Prediction prediction)
    {
        JsonObject row = [];
        if (kept is not null)
        {
            JsonObject fields = [];
            foreach ((string name, string field) in kept.Names.Zip(kept.Next())) fields[name] = field;
            row["kept"] = fields;
        }
        predictions.Form.AddTo(row, prediction.Value, prediction.Scores);
        return row;
    }

    private IEnumerable<Prediction> Counted()
    {
        _counts.Clear();
        foreach (Prediction prediction in predictions.All())
        {
            if (predictions.Form.Classifies) _counts[prediction.Text] = _counts.GetValueOrDefault(prediction.Text) + 1;
            yield return prediction;
        }
    }
}
