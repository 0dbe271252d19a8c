using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using CsvHelper;

namespace Cluster.Coordinator.Cli;

/// <summary>Writes predictions: as CSV, or as JSON. The columns that are kept come first.</summary>
internal sealed class PredictionOutput(Predictions predictions, KeptColumns? kept)
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    private bool Classifies => predictions.Classes.Count > 0;

    private bool GivesVectors => predictions.OutputNames.Count > 0;

    /// <summary>One line a row.</summary>
    public void WriteCsv(TextWriter text)
    {
        using CsvWriter csv = CsvWriter.Create(text, new CsvWriterOptions(), leaveOpen: true);
        string[] columns = GivesVectors ? [.. predictions.OutputNames] : ["prediction", .. predictions.Classes.Select(name => $"probability_{name}"), .. predictions.MembershipNames];
        csv.WriteRecord([.. kept?.Names ?? [], .. columns]);
        foreach (Prediction prediction in Counted())
        {
            IEnumerable<string> numbers = prediction.Scores.Select(Predictions.Exact);
            csv.WriteRecord([.. kept?.Next() ?? [], .. GivesVectors ? numbers : numbers.Prepend(prediction.Text)]);
        }
    }

    /// <summary>How many rows were written, and of a model of classes how many of each.</summary>
    public JsonObject Summary(string modelSha256)
    {
        JsonObject result = new() { ["model_sha256"] = modelSha256, ["rows"] = predictions.Count };
        if (!Classifies) return result;
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
        row["prediction"] = Classifies ? prediction.Text
            : GivesVectors ? new JsonArray([.. prediction.Scores.Select(ResultJson.Number)])
            : ResultJson.Number(prediction.Value);
        foreach ((string name, double number) in predictions.MembershipNames.Zip(prediction.Scores)) row[name] = ResultJson.Number(number);
        if (!Classifies) return row;
        JsonObject scores = [];
        foreach ((string name, double score) in predictions.Classes.Zip(prediction.Scores)) scores[name] = ResultJson.Number(score);
        row["probabilities"] = scores;
        return row;
    }

    private IEnumerable<Prediction> Counted()
    {
        _counts.Clear();
        foreach (Prediction prediction in predictions.All())
        {
            if (Classifies) _counts[prediction.Text] = _counts.GetValueOrDefault(prediction.Text) + 1;
            yield return prediction;
        }
    }
}
