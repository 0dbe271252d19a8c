using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Cli.Remote;

/// <summary>What the verbs for a running cluster share.</summary>
internal static class ClusterVerbs
{
    /// <summary>Where a cluster on this machine listens.</summary>
    public const string AddressDefault = "127.0.0.1:4080";

    private static readonly string[] s_columns = ["job", "status", "run", "priority", "step", "epoch"];

    public static Option<bool> JsonOption() => new("--json") { Description = "Prints one JSON object as the last line of standard output." };

    /// <summary>The argument that names a job.</summary>
    public static Argument<string> JobArgument()
    {
        Argument<string> job = new("JOB") { Description = "The job's name." };
        job.Validators.Add(result =>
        {
            string name = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
            if (name.Length is 0 or > 100 || !char.IsAsciiLetterOrDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
                result.AddError($"JOB: wanted 1 to 100 letters, digits, '-', '_' and '.', beginning with a letter or digit, got '{name}'.");
        });
        return job;
    }

    /// <summary>A verb that does one thing with one job.</summary>
    public static Command JobVerb(string name, string description, Func<ParseResult, ConnectOptions, JobId, bool, Task<int>> run)
    {
        ConnectOptions connect = new(AddressDefault);
        Argument<string> job = JobArgument();
        Option<bool> json = JsonOption();
        Command command = new(name, description) { job };
        connect.AddTo(command);
        command.Add(json);
        command.SetAction((parsed, _) => run(parsed, connect, new JobId(parsed.GetRequiredValue(job)), parsed.GetValue(json)));
        return command;
    }

    /// <summary>Jobs as a table.</summary>
    public static void Table(Terminal terminal, IEnumerable<JobLine> jobs) => Table(terminal, s_columns, jobs.Select(line => new[]
    {
        line.Job.Value, ResultJson.StatusName(line.Status), Text(line.Run), Text(line.Priority), Text(line.Step), Text(line.Epoch),
    }));

    /// <summary>Lines in columns.</summary>
    public static void Table(Terminal terminal, string[] columns, IEnumerable<string[]> rows)
    {
        foreach (string line in TextTable.Lines(columns, rows)) terminal.Result(line);
    }

    /// <summary>A job as JSON.</summary>
    public static JsonObject LineJson(JobLine line) => new()
    {
        ["job"] = line.Job.Value,
        ["status"] = ResultJson.StatusName(line.Status),
        ["run"] = line.Run,
        ["priority"] = line.Priority,
        ["step"] = line.Step,
        ["epoch"] = line.Epoch,
    };

    /// <summary>An accepted job as JSON, or as a sentence.</summary>
    public static void Show(Terminal terminal, JobAccepted accepted, bool json)
    {
        if (json)
            terminal.Json(new JsonObject { ["job"] = accepted.Job.Value, ["run"] = accepted.Run, ["status"] = ResultJson.StatusName(accepted.Status) });
        else
            terminal.Result($"{accepted.Job}: {ResultJson.StatusName(accepted.Status)}, run {accepted.Run}");
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
