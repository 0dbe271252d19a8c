using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Remote;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Cli.Runs;

/// <summary>`runs [NAME]`: the runs below a folder, side by side.</summary>
internal static class RunsCommand
{
    private const int HashDigits = 8;
    private static readonly string[] s_columns = ["run", "status", "epochs", "validation", "test", "model", "ended"];

    /// <summary>Dropped in this order on a narrow terminal; --json has all.</summary>
    private static readonly string[] s_dispensable = ["ended", "epochs", "test", "model", "status"];

    public static Command Create(Terminal terminal)
    {
        Argument<string?> name = new("NAME") { Description = "A job's name; without it, the runs of all jobs.", Arity = ArgumentArity.ZeroOrOne };
        Option<string> root = new("--runs") { Description = "The folder of runs.", DefaultValueFactory = _ => "runs" };
        Option<bool> json = ClusterVerbs.JsonOption();
        Command command = new("runs", "Lists the runs of this folder and compares them: how they ended, their figures, the identity of the model.") { name, root, json };
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(root), parsed.GetValue(name), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string root, string? name, bool json)
    {
        string folder = Path.GetFullPath(name is null ? root : Path.Combine(root, name));
        if (!Directory.Exists(folder))
            throw new BadInputException(folder, null, null, name is null ? "the folder of runs" : $"the folder of the runs of {name}", "none", "train a job first, or name the folder with --runs");
        string[] jobs = name is null ? [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal)] : [folder];
        RunLine[] runs = [.. jobs.SelectMany(RunLine.Of)];
        if (json) terminal.Json(new JsonObject { ["runs"] = new JsonArray([.. runs.Select(run => (JsonNode)run.ToJson())]) });
        else if (runs.Length == 0) terminal.Say($"{folder}: no runs");
        else Show(terminal, runs);
        return ExitCode.Success;
    }

    private static void Show(Terminal terminal, RunLine[] runs)
    {
        foreach (string line in TextTable.Lines(s_columns, runs.Select(Cells), terminal.Width, s_dispensable)) terminal.Result(line);
        foreach (RunLine run in runs.Where(run => run.Changed.Count > 0))
            foreach (string line in TextTable.Wrapped(ChangesOf(run), terminal.Width)) terminal.Result(line);
    }

    private static string ChangesOf(RunLine run) =>
        $"{run.Name}: {string.Join(", ", run.Changed.Select(change => $"{change.Key} {change.Now} (before: {change.Begun})"))}";

    private static string[] Cells(RunLine run)
    {
        string hash = (string?)run.Result?["model_sha256"] ?? "";
        return
        [
            run.Name, run.Status, run.Result?["epochs"]?.ToString() ?? "", run.Figure("validation"), run.Figure("test"),
            hash[..Math.Min(HashDigits, hash.Length)],
            run.Ended?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "",
        ];
    }
}
