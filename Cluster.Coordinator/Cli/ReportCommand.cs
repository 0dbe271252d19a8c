using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.Reports;
using Cluster.Ml.Export;

namespace Cluster.Coordinator.Cli;

/// <summary>`report RUN_DIR`: a finished run as a page for people and as JSON for scripts, beside the model.</summary>
internal static class ReportCommand
{
    private const string PageFileName = "report.html", JsonFileName = "report.json";

    public static Command Create(Terminal terminal)
    {
        Argument<string> run = new("RUN_DIR") { Description = "The folder of a finished run, or of all runs of a job for the newest, such as runs/digits-mlp." };
        Option<bool> json = new("--json") { Description = "Prints one JSON object as the last line of standard output." };
        Command command = new("report", "Writes report.html (figures, learning curves, norms of gradients) and report.json into the folder of a run.") { run, json };
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(run), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string directory, bool json)
    {
        directory = NumberedRuns.Newest(directory);
        RunReport report = RunReport.Read(directory);
        string page = Write(directory, PageFileName, ReportPage.Of(report)), data = Write(directory, JsonFileName, report.ToJson().ToJsonString());
        if (json)
        {
            terminal.Json(new JsonObject { ["page"] = page, ["json"] = data });
            return ExitCode.Success;
        }
        terminal.Result($"page       {page}");
        terminal.Result($"json       {data}");
        return ExitCode.Success;
    }

    private static string Write(string directory, string name, string text)
    {
        string path = Path.GetFullPath(Path.Combine(directory, name));
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        AtomicFile.Write(path, file => file.Write(bytes));
        return path;
    }
}
