using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.Reports;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;

namespace Cluster.Coordinator.Cli;

/// <summary>`path JOB.yaml`: the models of a lasso or an elastic net from the penalty that leaves no column to a small one.</summary>
internal sealed class PathCommand
{
    private const int Digits = 6;
    private readonly JobFileOptions _file = new();
    private readonly DataFlags _kept = new();
    private readonly Option<int> _alphas = new("--alphas") { Description = $"How many penalties, 2 to {PenaltyPath.CountMax}.", DefaultValueFactory = _ => 20 };
    private readonly Option<double> _smallest = new("--smallest") { Description = "The last penalty as a share of the first, above 0 and below 1.", DefaultValueFactory = _ => 1e-3 };
    private readonly Option<string?> _out = new("--out") { Description = "A CSV file with penalty, figures and coefficients, a line each." };
    private readonly Option<string?> _picture = new("--picture") { Description = "An SVG file with the coefficients over the penalty." };
    private readonly Option<bool> _json = new("--json") { Description = "Prints one JSON object as the last line of standard output." };

    public static Command Create(Terminal terminal)
    {
        PathCommand path = new();
        path._alphas.Require(value => value is >= 2 and <= PenaltyPath.CountMax, $"2 to {PenaltyPath.CountMax}");
        path._smallest.Require(value => value is > 0 and < 1, "above 0 and below 1");
        Command command = new("path", "Fits a lasso or an elastic net for many penalties, each from the model of the one before.");
        path._file.AddTo(command);
        foreach (Option option in (Option[])[path._alphas, path._smallest, path._out, path._picture, path._json]) command.Add(option);
        path._kept.AddTo(command);
        command.SetAction(parsed => path.Run(terminal, parsed));
        return command;
    }

    private int Run(Terminal terminal, ParseResult parsed)
    {
        AskedJob job = _file.Ask(parsed, []);
        JobNotes.Tell(terminal, job);
        JobSpec spec = job.Spec;
        string? output = parsed.GetValue(_out), picture = parsed.GetValue(_picture);
        if (output is not null) OutputFile.Require(output, _out.Name, spec.Data.Source);
        if (picture is not null) OutputFile.Require(picture, _picture.Name, spec.Data.Source);
        PreparedData data = PreparedData.Load(spec, Learners.NumbersFor(spec), _kept.Of(parsed) with { Warn = terminal.Say });
        IReadOnlyList<PathModel> path = PenaltyPath.Of(spec, data, parsed.GetValue(_alphas), parsed.GetValue(_smallest));
        IReadOnlyList<string> names = data.Shape.FeatureNames;
        if (output is not null) Write(output, Csv(path, names));
        if (picture is not null) Write(picture, Picture(spec, path, names));
        if (parsed.GetValue(_json)) terminal.Json(ToJson(spec, path, names));
        else Show(terminal, path, names);
        return ExitCode.Success;
    }

    private static void Show(Terminal terminal, IReadOnlyList<PathModel> path, IReadOnlyList<string> names)
    {
        bool validates = path[0].Validation.Values.Count > 0;
        string[] head = ["alpha", "columns", "r2 train", .. validates ? new[] { "r2 validation" } : [], "enters or leaves"];
        foreach (string line in TextTable.Lines(head, path.Select((model, k) => (string[])
            [
                FigureText.Of("", model.Alpha, Digits), model.Chosen.ToString(CultureInfo.InvariantCulture), R2(model.Training), .. validates ? new[] { R2(model.Validation) } : [],
                Changes(k == 0 ? null : path[k - 1], model, names),
            ]), terminal.Width, "enters or leaves"))
            terminal.Result(line);
        if (validates && path.MaxBy(model => model.Validation["r2"] ?? double.NegativeInfinity) is { } best)
            terminal.Result($"best on the validation rows: model.alpha={FigureText.Of("", best.Alpha, Digits)}, {best.Chosen} of {names.Count} columns");
    }

    /// <summary>Which columns came in and which left since the penalty before.</summary>
    private static string Changes(PathModel? before, PathModel model, IReadOnlyList<string> names) => string.Join(' ', Enumerable.Range(0, names.Count)
        .Where(j => (model.Coefficients[j] != 0) != (before is not null && before.Coefficients[j] != 0))
        .Select(j => $"{(model.Coefficients[j] != 0 ? '+' : '-')}{VisibleText.InLine(names[j])}"));

    private static string R2(Metrics figures) => figures["r2"] is { } r2 ? FigureText.Of("r2", r2) : "";

    private static string Csv(IReadOnlyList<PathModel> path, IReadOnlyList<string> names)
    {
        StringBuilder text = new();
        text.Append("alpha,r2_train,r2_validation,gap,intercept");
        foreach (string name in names) text.Append(",\"").Append(name.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        text.Append('\n');
        foreach (PathModel model in path)
            text.AppendJoin(',', ((double?[])[model.Alpha, model.Training["r2"], model.Validation["r2"], model.Gap, model.Intercept, .. model.Coefficients.Select(value => (double?)value)])
                .Select(value => value?.ToString("R", CultureInfo.InvariantCulture) ?? "")).Append('\n');
        return text.ToString();
    }

    private static string Picture(JobSpec spec, IReadOnlyList<PathModel> path, IReadOnlyList<string> names) => ReportCharts.Draw(
        new Chart($"{spec.Name}: coefficients over the penalty", "-log10 alpha", "coefficient"),
        names.Select((name, j) => new ChartSeries(name, path.Select(model => (-Math.Log10(model.Alpha), model.Coefficients[j])), Shade: j)));

    private static JsonObject ToJson(JobSpec spec, IReadOnlyList<PathModel> path, IReadOnlyList<string> names) => new()
    {
        ["job"] = spec.Name,
        ["features"] = new JsonArray([.. names.Select(name => (JsonNode)name)]),
        ["path"] = new JsonArray([.. path.Select(model => (JsonNode)new JsonObject
        {
            ["alpha"] = model.Alpha,
            ["intercept"] = model.Intercept,
            ["coefficients"] = new JsonArray([.. model.Coefficients.Select(value => (JsonNode)value)]),
            ["duality_gap"] = model.Gap,
            ["train"] = Figures(model.Training),
            ["validation"] = Figures(model.Validation),
        })]),
    };

    private static JsonObject Figures(Metrics figures) =>
        new(figures.Values.Select(figure => KeyValuePair.Create(figure.Key, (JsonNode?)ResultJson.Number(figure.Value))));

    private static void Write(string file, string text) => AtomicFile.Write(Path.GetFullPath(file), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
