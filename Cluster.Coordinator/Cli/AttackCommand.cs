using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Security.Attacks;

namespace Cluster.Coordinator.Cli;

/// <summary>`attack KIND MODEL|JOB.yaml`: how a trained model, or a job, stands against an attacker.</summary>
internal sealed class AttackCommand
{
    /// <summary>What scripts may call an attack, too.</summary>
    private static readonly Dictionary<string, string> s_otherNames = new() { ["apgd"] = "autopgd" };

    private readonly Argument<string> _victim;
    private readonly Option<string?> _data = new("--data") { Description = "Rows whose classes are known: a CSV file with the model's columns, or a folder or file of images." };
    private readonly Option<int?> _rows = Whole("--rows", "At most so many rows, evenly spaced (default: all).", 1);
    private readonly Option<double?> _low = new("--low") { Description = "The least value of every column (default: 0 of pixels, else what the source spans)." };
    private readonly Option<double?> _high = new("--high") { Description = "The greatest value of every column (default: 1 of pixels, else what the source spans)." };
    private readonly Option<string?> _substitute = new("--substitute") { Description = "The attacker's own model, for transfer." };
    private readonly Option<string?> _out = new("--out") { Description = "The file for what the attacker makes: the stolen model, or images as PNG." };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "What random numbers are keyed by (default: 1)." };
    private readonly Option<int?> _workers = Whole("--workers", "Threads; the result does not depend on them (default: cores).", 1);
    private readonly Option<string[]> _set = new("--set") { Description = "Of a job: key.path=value, which overrides the file. Repeatable." };
    private readonly Option<bool> _json = new("--json") { Description = "Prints one JSON object as the last line of standard output." };
    private readonly DataFlags _kept = new();
    private readonly AttackFlags _flags = new();
    private readonly AttackKind _kind;

    private AttackCommand(AttackKind kind)
    {
        _kind = kind;
        _victim = kind.OnJobs
            ? new Argument<string>("JOB.yaml") { Description = "A job file; its data are split and trained on as by `train`." }
            : new Argument<string>("MODEL") { Description = "A model file that training wrote." };
        _low.Require(double.IsFinite, "finite");
        _high.Require(double.IsFinite, "finite");
        _seed.Require(_ => true, "from 0");
    }

    public static Command Create(Terminal terminal)
    {
        Command command = new("attack", "Attacks a model or a job, to tell how it stands against an attacker.");
        foreach (AttackKind kind in AttackRegistry.All) command.Add(new AttackCommand(kind).Build(terminal));
        return command;
    }

    private Command Build(Terminal terminal)
    {
        Command command = new(_kind.Name, $"{char.ToUpperInvariant(_kind.Meaning[0])}{_kind.Meaning[1..]}. {_kind.Source}.") { _victim };
        if (s_otherNames.TryGetValue(_kind.Name, out string? other)) command.Aliases.Add(other);
        if (_kind.OnJobs)
        {
            command.Add(_set);
        }
        else
        {
            command.Add(_data);
            command.Add(_rows);
            command.Add(_low);
            command.Add(_high);
            _data.Required = true;
        }
        if (_kind.Flags.Contains("substitute")) command.Add(_substitute);
        if (_kind.Flags.Contains("out")) command.Add(_out);
        _flags.AddTo(command, _kind.Flags);
        foreach (Option option in new Option[] { _seed, _workers, _json }) command.Add(option);
        _kept.AddTo(command);
        command.SetAction(parsed => Run(terminal, parsed));
        return command;
    }

    private int Run(Terminal terminal, ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_victim);
        SavedModel? model = _kind.OnJobs ? null : EvaluateCommand.ReadForRows(path);
        string? data = _kind.OnJobs ? null : parsed.GetRequiredValue(_data);
        if (data is not null) EvaluateCommand.RequireData(data);
        string? output = _kind.Flags.Contains("out") ? parsed.GetValue(_out) : null;
        if (output is not null) OutputFile.Require(output, _out.Name, [path, .. SourceFiles.ForModel(data!)]);
        AttackTarget target = new()
        {
            Model = model,
            Job = _kind.OnJobs ? JobFile.Read(path, parsed.GetValue(_set) ?? []) : null,
            Data = data is null ? "" : Path.GetFullPath(data),
            Rows = _kind.OnJobs ? null : parsed.GetValue(_rows),
            Low = _kind.OnJobs ? null : parsed.GetValue(_low),
            High = _kind.OnJobs ? null : parsed.GetValue(_high),
            Substitute = _kind.Flags.Contains("substitute") && parsed.GetValue(_substitute) is { } substitute ? EvaluateCommand.ReadForRows(substitute) : null,
            Storage = _kept.Of(parsed) with { Warn = terminal.Say },
            Runner = new ParallelParts(parsed.GetValue(_workers) ?? Environment.ProcessorCount),
        };
        if (target is { Low: { } low, High: { } high } && low >= high)
            throw new BadInputException("--high", null, null, $"a number above --low {Text(low)}", Text(high), "correct one of them");
        AttackReport report = _kind.Run(target, _flags.Of(parsed, _kind.Flags) with { Seed = parsed.GetValue(_seed) ?? 1 });
        if (output is not null) Write(Path.GetFullPath(output), report);
        if (parsed.GetValue(_json)) terminal.Json(report.Figures);
        else Show(terminal, report);
        return ExitCode.Success;
    }

    private static void Write(string path, AttackReport report)
    {
        if (report.Substitute is { } stolen) ModelFile.Write(path, stolen);
        if (report.Image is { } image) PngFile.Write(path, image);
        report.Figures["out"] = path;
    }

    private static void Show(Terminal terminal, AttackReport report)
    {
        foreach ((string name, JsonNode? value) in report.Figures)
            if (value is not null) terminal.Result($"{name.Replace('_', ' '),-24} {TextOf(value)}");
        foreach (string note in report.Notes) terminal.Result(note);
    }

    private static string TextOf(JsonNode value) => value switch
    {
        JsonArray several => string.Join(", ", several.Where(one => one is not null).Select(one => TextOf(one!))),
        JsonObject named => string.Join(", ", named.Where(one => one.Value is not null).Select(one => $"{one.Key} {TextOf(one.Value!)}")),
        JsonValue single when single.TryGetValue(out double number) => FigureText.Of("", number),
        _ => value.ToString(),      // texts, and whole numbers with all their digits
    };

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static Option<int?> Whole(string name, string description, int least)
    {
        Option<int?> option = new(name) { Description = description };
        option.Require(value => value >= least, $"at least {least}");
        return option;
    }
}
