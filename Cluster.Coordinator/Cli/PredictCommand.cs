using System.CommandLine;
using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Learning;
using CsvHelper;

namespace Cluster.Coordinator.Cli;

/// <summary>`predict MODEL --data SOURCE [--out FILE]`: one line a row, as CSV.</summary>
internal static class PredictCommand
{
    /// <summary>Rows predicted at a time, so that the scores of a large file need little memory.</summary>
    private const int RowsAtOnce = 4096;

    public static Command Create(Terminal terminal)
    {
        Argument<string> model = EvaluateCommand.ModelArgument();
        Option<string> data = EvaluateCommand.DataOption();
        Option<string?> output = new("--out") { Description = "The CSV file to write (default: standard output)." };
        Command command = new("predict", "Predicts each row of a data set.") { model, data, output };
        DataFlags kept = new();
        kept.AddTo(command);
        command.SetAction(parsed => Run(
            terminal, parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), kept.Of(parsed) with { Warn = terminal.Say }, parsed.GetValue(output)));
        return command;
    }

    private static int Run(Terminal terminal, string path, string source, RowStorage storage, string? output)
    {
        SavedModel saved = EvaluateCommand.ReadForRows(path);
        ILearner learner = saved.CreateLearner();
        RowRange rows = PreparedData.LoadForPrediction(Path.GetFullPath(source), saved.Preprocessing, learner.Numbers, storage);
        if (output is null)
        {
            using StringWriter text = new(CultureInfo.InvariantCulture);
            Write(text, source, saved, learner, rows);
            terminal.Result(text.ToString().TrimEnd());
            return ExitCode.Success;
        }
        AtomicFile.Write(Path.GetFullPath(output), stream =>
        {
            using StreamWriter text = new(stream, leaveOpen: true);
            Write(text, source, saved, learner, rows);
        });
        terminal.Say($"{rows.Count} predictions written to {output}");
        return ExitCode.Success;
    }

    private static void Write(TextWriter text, string source, SavedModel saved, ILearner learner, RowRange rows)
    {
        IReadOnlyList<string> classes = saved.Preprocessing.Classes;
        using CsvWriter csv = CsvWriter.Create(text, new CsvWriterOptions(), leaveOpen: true);
        csv.WriteRecord(["prediction", .. classes.Select(name => $"probability_{name}")]);
        IContributor contributor = learner.CreateContributor();
        double[] predictions = new double[RowsAtOnce], scores = new double[RowsAtOnce * classes.Count];
        for (int first = 0; first < rows.Count; first += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, rows.Count - first);
            contributor.Predict(saved.Model.State, rows with { Order = rows.Order.Slice(first, count) },
                predictions.AsSpan(0, count), scores.AsSpan(0, count * classes.Count));
            FiniteResults.RequirePredictions(source, first, predictions.AsSpan(0, count), scores.AsSpan(0, count * classes.Count));
            for (int row = 0; row < count; row++)
            {
                string prediction = classes.Count > 0 ? classes[(int)predictions[row]] : Exact(predictions[row]);
                csv.WriteRecord([prediction, .. scores.Skip(row * classes.Count).Take(classes.Count).Select(Exact)]);
            }
        }
    }

    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
