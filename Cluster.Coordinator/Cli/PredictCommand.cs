using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Export;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Cli;

/// <summary>`predict MODEL --data SOURCE [--keep COLUMN] [--out FILE]`: one line a row, as CSV. Targets are not looked at.</summary>
internal sealed class PredictCommand
{
    private readonly Argument<string> _model = EvaluateCommand.ModelArgument();
    private readonly Option<string> _data = EvaluateCommand.DataOption();
    private readonly Option<string?> _out = new("--out") { Description = "The CSV file to write (default: standard output)." };
    private readonly Option<string[]> _keep = new("--keep") { Description = "A column of the table, such as an id, that is written before each prediction. Repeatable." };
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Prints one JSON object as the last line of standard output: the predictions, or with --out how many there are.",
    };

    private readonly DataFlags _kept = new();

    public static Command Create(Terminal terminal)
    {
        PredictCommand predict = new();
        Command command = new("predict", "Predicts each row of a data set; a target column, if there is one, is not looked at.")
        {
            predict._model, predict._data, predict._out, predict._keep, predict._json,
        };
        predict._kept.AddTo(command);
        command.SetAction(parsed => predict.Run(terminal, parsed));
        return command;
    }

    private int Run(Terminal terminal, ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_model), source = Path.GetFullPath(parsed.GetRequiredValue(_data));
        string? output = parsed.GetValue(_out);
        EvaluateCommand.RequireData(source);
        SavedModel saved = EvaluateCommand.ReadForRows(path);
        if (output is not null) OutputFile.Require(output, _out.Name, [path, .. SourceFiles.ForModel(source)]);
        RowStorage storage = _kept.Of(parsed) with { Warn = terminal.Say };
        ILearner learner = saved.CreateLearner();
        using KeptColumns? kept = KeptColumns.Open(source, saved.Preprocessing, parsed.GetValue(_keep) ?? []);
        RowRange rows = PreparedData.LoadForPrediction(source, saved.Preprocessing, learner.Numbers, storage);
        PredictionOutput predictions = new(new Predictions(source, saved, learner, rows), kept);
        if (parsed.GetValue(_json)) WriteJson(terminal, predictions, saved.Model.Sha256, output);
        else WriteText(terminal, predictions, rows.Count, output);
        return ExitCode.Success;
    }

    private static void WriteJson(Terminal terminal, PredictionOutput predictions, string sha256, string? output)
    {
        JsonNode? rows = output is null ? predictions.ToJson() : null;
        if (output is not null) WriteFile(predictions, output);
        JsonObject result = predictions.Summary(sha256);
        if (rows is not null) result["predictions"] = rows;
        else result["out"] = Path.GetFullPath(output!);
        terminal.Json(result);
    }

    private static void WriteText(Terminal terminal, PredictionOutput predictions, int rows, string? output)
    {
        if (output is not null)
        {
            WriteFile(predictions, output);
            terminal.Say($"{rows} predictions written to {output}");
            return;
        }
        using StringWriter text = new(CultureInfo.InvariantCulture);
        predictions.WriteCsv(text);
        terminal.Data(text.ToString());
    }

    private static void WriteFile(PredictionOutput predictions, string output) => AtomicFile.Write(Path.GetFullPath(output), stream =>
    {
        using StreamWriter text = new(stream, leaveOpen: true);
        predictions.WriteCsv(text);
    });
}
