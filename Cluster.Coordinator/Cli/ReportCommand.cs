using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.Reports;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Export;

namespace Cluster.Coordinator.Cli;

/// <summary>`report RUN [--out FILE]`: a finished run as a page for people and as JSON for scripts.</summary>
internal static class ReportCommand
{
    private const string PageFileName = "report.html", JsonFileName = "report.json";

    public static Command Create(Terminal terminal)
    {
        Argument<string> run = new("RUN") { Description = "The folder of a finished run, or of all runs of a job for the newest, such as runs/digits-mlp." };
        Option<string?> output = new("--out") { Description = "The page's file (default: report.html in the run's folder, with report.json beside it)." };
        Option<bool> json = new("--json") { Description = "Prints one JSON object as the last line of standard output." };
        Command command = new("report", "Writes a finished run as one HTML page that needs no network: figures, curves, what the model says of rows, how it fits.") { run, output, json };
        DataFlags kept = new();
        kept.AddTo(command);
        command.SetAction(parsed => Run(
            terminal, parsed.GetRequiredValue(run), parsed.GetValue(output), kept.Of(parsed) with { Warn = terminal.Say }, parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string named, string? output, RowStorage storage, bool json)
    {
        string directory = NumberedRuns.Newest(named);
        if (Directory.Exists(directory) && Directory.ResolveLinkTarget(directory, returnFinalTarget: true) is { } run) directory = run.FullName;     // `latest` is another run tomorrow
        if (output is not null) OutputFile.Require(output, "--out", [.. RunFiles.NamesOf(directory).Where(File.Exists)]);
        RunReport report = RunReport.Read(directory);
        RunEvidence evidence = RunEvidence.Find(directory, report.Result, storage);
        string page = Write(output ?? Path.Combine(directory, PageFileName), ReportPage.Of(report, evidence));
        string? data = output is null ? Write(Path.Combine(directory, JsonFileName), report.ToJson(evidence.Diagnosis).ToJsonString()) : null;
        foreach (string note in evidence.Notes) terminal.Say(note);
        if (json)
        {
            terminal.Json(new JsonObject { ["page"] = page, ["json"] = data, ["diagnosis"] = evidence.Diagnosis?.ToJson() });
            return ExitCode.Success;
        }
        terminal.Result($"page       {page}");
        if (data is not null) terminal.Result($"json       {data}");
        if (evidence.Diagnosis is { } diagnosis)
            foreach (string line in RunDiagnosis.Lines(new JsonObject { ["diagnosis"] = diagnosis.ToJson() })) terminal.Result(line);
        return ExitCode.Success;
    }

    private static string Write(string file, string text)
    {
        string path = Path.GetFullPath(file);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        AtomicFile.Write(path, stream => stream.Write(bytes));
        return path;
    }
}
