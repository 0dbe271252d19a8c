using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Cli;

/// <summary>`evaluate MODEL --data SOURCE`: how good a model is on rows with known targets.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = ModelArgument();
        Option<string> data = DataOption();
        Option<bool> json = new("--json") { Description = "Prints one JSON object as the last line of standard output." };
        Command command = new("evaluate", "Measures a model on a data set.") { model, data, json };
        DataFlags kept = new();
        kept.AddTo(command);
        command.SetAction(parsed => Run(
            terminal, parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), kept.Of(parsed) with { Warn = terminal.Say }, parsed.GetValue(json)));
        return command;
    }

    internal static Argument<string> ModelArgument() => new("MODEL") { Description = "A model file that training wrote." };

    internal static Option<string> DataOption() => new("--data")
    {
        Description = "A CSV file with the model's columns, or a folder or file of IDX images.",
        Required = true,
    };

    /// <summary>Refuses data that are not there in the words of the flag.</summary>
    /// <exception cref="BadInputException">There are none.</exception>
    internal static void RequireData(string source)
    {
        WaitingWriter.LetGo(source);
        if (!Path.Exists(source)) throw new BadInputException(source, null, null, "a file or folder that exists", "none of this name", "check --data");
    }

    /// <summary>A model that says something of a row.</summary>
    /// <exception cref="BadInputException">The file is no model, or one of word vectors.</exception>
    internal static SavedModel ReadForRows(string path)
    {
        SavedModel saved = ModelFile.Read(path);
        return saved.Shape.Words is null ? saved
            : throw new BadInputException(path, null, null, "a model that says something of a row", "vectors of words", "ask them with `inspect --nearest WORD`");
    }

    private static int Run(Terminal terminal, string path, string source, RowStorage storage, bool json)
    {
        RequireData(source);
        SavedModel saved = ReadForRows(path);
        ILearner learner = saved.CreateLearner();
        RowRange rows = PreparedData.LoadForEvaluation(Path.GetFullPath(source), saved.Preprocessing, saved.Spec.Data.Classes, learner.Numbers, storage);
        if (saved.Preprocessing.TargetKind != TargetKind.None && rows.Table.Targets.Length == 0)
            throw saved.Preprocessing.TargetName is { } name
                ? new BadInputException(source, 1, null, $"the target column '{name}'", "none", "use `predict` for rows whose target is not known")
                : new BadInputException(source, null, null, "the labels of the images", "none", "put the file of labels beside the images, or use `predict`");
        int leftOut = rows.Table.Rows - rows.Count;
        if (leftOut > 0) terminal.Say($"{leftOut} rows are of other classes than data.classes of the model's job names; they are left out.");
        if (rows.DroppedRows > 0) terminal.Say($"{Counted.Of(rows.DroppedRows, "row")} with missing values: left out, as data.missing of the model's job says.");
        Metrics metrics = EvaluationPlan.Measure(
            learner, learner.CreateContributor(), saved.Model.State, rows, saved.Spec.Training.MicroBatches);
        FiniteResults.RequireFigures(source, metrics, learner, saved.Model.State, rows);
        if (json)
        {
            JsonObject figures = [];
            foreach ((string name, double value) in metrics.Values) figures[name] = ResultJson.Number(value);
            JsonObject result = new() { ["model_sha256"] = saved.Model.Sha256, ["rows"] = rows.Count, ["metrics"] = figures };
            if (leftOut > 0) result["rows_left_out"] = leftOut;
            if (rows.DroppedRows > 0) result["rows_dropped"] = rows.DroppedRows;
            terminal.Json(result);
            return ExitCode.Success;
        }
        terminal.Result(Counted.Of(rows.Count, "row"));
        foreach ((string name, double value) in metrics.Values)
            terminal.Result($"{name} {FigureText.Of(name, value)}");
        if (metrics.Confusion is { } confusion) ShowConfusion(terminal, confusion, [.. saved.Preprocessing.Classes.Select(VisibleText.InLine)]);
        return ExitCode.Success;
    }

    private static void ShowConfusion(Terminal terminal, long[,] confusion, IReadOnlyList<string> classes)
    {
        int width = Math.Max(6, classes.Max(name => name.Length) + 1);
        terminal.Result("confusion (rows: actual, columns: predicted)");
        terminal.Result(new string(' ', width) + string.Concat(classes.Select(name => name.PadLeft(width))));
        for (int actual = 0; actual < classes.Count; actual++)
            terminal.Result(classes[actual].PadLeft(width) + string.Concat(
                Enumerable.Range(0, classes.Count).Select(predicted => confusion[actual, predicted].ToString(CultureInfo.InvariantCulture).PadLeft(width))));
    }
}
