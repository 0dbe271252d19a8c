using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Queries;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Security.Attacks;

namespace Cluster.Coordinator.Cli;

/// <summary>`attack KIND MODEL|JOB.yaml`: how a trained model, or a job, stands against an attacker.</summary>
internal sealed class AttackCommand
{
    private const string Verb = "attack", ResultFileName = "attack.json";

    /// <summary>What scripts may call an attack, too.</summary>
    private static readonly Dictionary<string, string> s_otherNames = new() { ["apgd"] = "autopgd" };

    private readonly Argument<string> _victim;
    private readonly Option<string?> _data = new("--data") { Description = "Rows whose classes are known: a CSV file with the model's columns, or a folder or file of images." };
    private readonly Option<int?> _rows = Whole("--rows", "At most so many rows, evenly spaced (default: all).", 1);
    private readonly Option<double?> _low = new("--low") { Description = "The least value of every column (default: 0 of pixels, else what the source spans)." };
    private readonly Option<double?> _high = new("--high") { Description = "The greatest value of every column (default: 1 of pixels, else what the source spans)." };
    private readonly Option<string?> _substitute = new("--substitute") { Description = "The attacker's own model, for transfer." };
    private readonly Option<string[]> _against = new("--against") { Description = "A further model of the same columns and classes. Repeatable." };
    private readonly Option<string?> _out = new("--out") { Description = "The file for what the attacker makes: the stolen model, or images as PNG." };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "What random numbers are keyed by (default: 1)." };
    private readonly Option<int?> _workers = Whole("--workers", "Threads; the result does not depend on them (default: cores).", 1);
    private readonly ClusterSize _size = new("report", "threads of this process, as many as it has cores");
    private readonly Option<string?> _run = new("--run") { Description = "The folder in which pieces that are done are kept, and in the end the report, as attack.json; they are then computed by a local cluster." };
    private readonly Option<bool> _resume = new("--resume") { Description = "Goes on with the unfinished attack in --run; from the beginning where there is none." };
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
        if (_kind.Flags.Contains("against"))
        {
            _against.Required = true;
            command.Add(_against);
        }
        if (_kind.Flags.Contains("out")) command.Add(_out);
        _flags.AddTo(command, _kind.Flags);
        foreach (Option option in new Option[] { _seed, _json }) command.Add(option);
        if (_kind is PiecewiseAttack)
        {
            _size.AddTo(command);
            command.Add(_run);
            command.Add(_resume);
        }
        else
        {
            command.Add(_workers);
            _kept.AddTo(command);
        }
        command.SetAction((parsed, _) => RunAsync(terminal, parsed));
        return command;
    }

    private async Task<int> RunAsync(Terminal terminal, ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_victim);
        SavedModel? model = _kind.OnJobs ? null : EvaluateCommand.ReadForRows(path);
        string? data = _kind.OnJobs ? null : parsed.GetRequiredValue(_data);
        if (data is not null) EvaluateCommand.RequireData(data);
        string? output = _kind.Flags.Contains("out") ? parsed.GetValue(_out) : null;
        if (output is not null) OutputFile.Require(output, _out.Name, [path, .. SourceFiles.ForModel(data!)]);
        string? substitute = _kind.Flags.Contains("substitute") ? parsed.GetValue(_substitute) : null;
        string[] against = _kind.Flags.Contains("against") ? parsed.GetValue(_against) ?? [] : [];
        AttackTarget target = new()
        {
            Model = model,
            Job = _kind.OnJobs ? QuerySource.ReadJob(path, parsed.GetValue(_set) ?? []).Spec : null,
            Data = data is null ? "" : Path.GetFullPath(data),
            Rows = _kind.OnJobs ? null : parsed.GetValue(_rows),
            Low = _kind.OnJobs ? null : parsed.GetValue(_low),
            High = _kind.OnJobs ? null : parsed.GetValue(_high),
            Substitute = substitute is null ? null : EvaluateCommand.ReadForRows(substitute),
            Others = [.. against.Select(EvaluateCommand.ReadForRows)],
            Storage = (_kind is PiecewiseAttack ? _size.Storage(parsed) : _kept.Of(parsed)) with { Warn = terminal.Say },
            Runner = new ParallelParts((_kind is PiecewiseAttack ? null : parsed.GetValue(_workers)) ?? Environment.ProcessorCount),
        };
        if (target is { Low: { } low, High: { } high } && low >= high)
            throw new BadInputException("--high", null, null, $"a number above --low {Text(low)}", Text(high), "correct one of them");
        AttackSettings settings = _flags.Of(parsed, _kind.Flags) with { Seed = parsed.GetValue(_seed) ?? 1 };
        AttackReport report;
        if (_kind is PiecewiseAttack cut && (_size.IsAsked(parsed) || parsed.GetValue(_run) is not null || parsed.GetValue(_resume)))
        {
            AttackWork work = new(cut, target, settings, new AttackWork.ModelFiles(_kind.OnJobs ? null : path, substitute, against));
            (int code, AttackReport? made) = await ComputeAsync(terminal, parsed, work);
            if (made is null) return code;
            report = made;
        }
        else
        {
            report = _kind.Run(target, settings);
        }
        if (output is not null) Write(Path.GetFullPath(output), report);
        if (parsed.GetValue(_json)) terminal.Json(report.Figures);
        else Show(terminal, report);
        return ExitCode.Success;
    }

    /// <summary>Lets a local cluster compute the pieces.</summary>
    private async Task<(int Code, AttackReport? Report)> ComputeAsync(Terminal terminal, ParseResult parsed, AttackWork work)
    {
        string? home = parsed.GetValue(_run) is { } named ? Path.GetFullPath(named) : null;
        bool resume = parsed.GetValue(_resume);
        if (resume && home is null)
            return (terminal.Fail(ExitCode.Usage, $"{Verb}: wanted --run with --resume, as what has ended is kept there, got none; name the folder."), null);
        using TaskRunDirectory? run = home is null ? null : TaskRunDirectory.Open(home, Verb, work.Order, resume);
        string directory = run?.Work ?? Directory.CreateTempSubdirectory("cluster-attack-").FullName;
        try
        {
            return await ComputeAsync(terminal, _size.Of(parsed, directory), work, run);
        }
        finally
        {
            if (run is null) Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<(int Code, AttackReport? Report)> ComputeAsync(Terminal terminal, LocalClusterOptions local, AttackWork work, TaskRunDirectory? run)
    {
        using Interruption interruption = new(terminal);
        ProgressDisplay display = ProgressDisplay.For(terminal, unit: "tasks");
        JobFinished finished = await display.WhileAsync(async () =>
        {
            await using LocalCluster cluster = await LocalCluster.StartAsync(local, terminal.Say);
            return await JobRun.FollowAsync(cluster, work.JobIn(local.RunDirectory), display, interruption);
        });
        if (finished.Status == JobStatus.Failed)
        {
            run?.OnFailed(finished.FailureKind ?? FailureKind.Internal);
            return (terminal.Fail(ExitCode.Of(finished.FailureKind ?? FailureKind.Internal), finished.Reason), null);
        }
        if (finished.Status == JobStatus.Cancelled)
        {
            if (run is not null) terminal.Say($"The tasks that have ended are kept in {run.Home}; go on with the same command and --resume.");
            return (ExitCode.Interrupted, null);
        }
        AttackReport report = work.ReportIn(local.RunDirectory);
        run?.Conclude(new KeyValuePair<string, string>(ResultFileName, report.Figures.ToJsonString()));
        if (run is not null) terminal.Say($"report written to {Path.Combine(run.Home, ResultFileName)}");
        return (ExitCode.Success, report);
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
