using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Remote;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.Local;
using Cluster.Messages.Node;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Cli;

/// <summary>`up`: a cluster on this machine that runs until Ctrl-C, for `submit` and the like.</summary>
internal sealed class UpCommand
{
    private readonly ClusterSize _size = new();

    private readonly Option<string> _http = AddressOption("--http", "Where the HTTP API listens.", "127.0.0.1:4080");

    private readonly Option<string> _listen = AddressOption("--listen", "Where further nodes join; with --processes only.", "127.0.0.1:4053");

    private readonly Option<string?> _token = new("--token-file")
    {
        Description = "The file of the token that the HTTP API wants (default: one that is made in the folder of runs, which your own commands on this machine find).",
    };

    private readonly Option<string[]> _roots = new("--data-roots")
    {
        Description = "A folder below which jobs may name files; may be repeated. / for no limit (default: the working directory).",
    };

    private readonly Option<string> _runs = new("--runs")
    {
        Description = "Below which folder jobs are kept; unfinished ones go on.",
        DefaultValueFactory = _ => "runs",
    };

    private readonly Option<int> _jobsAtOnce = new("--jobs-at-once")
    {
        Description = "How many jobs run at once, 1 to 64; the others wait.",
        DefaultValueFactory = _ => CoordinatorLimits.JobsAtOnceDefault,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Prints one JSON object with the addresses once the cluster is up." };

    public static Command Create(Terminal terminal)
    {
        UpCommand up = new();
        up._jobsAtOnce.Require(value => value is >= 1 and <= 64, "1 to 64");
        Command command = new("up", "Runs a cluster on this machine until Ctrl-C: a seed with the HTTP API, a coordinator, and workers.");
        up._size.AddTo(command);
        foreach (Option option in new Option[] { up._http, up._listen, up._token, up._roots, up._runs, up._jobsAtOnce, up._json }) command.Add(option);
        command.SetAction((parsed, _) => up.RunAsync(terminal, parsed));
        return command;
    }

    private static Option<string> AddressOption(string name, string description, string byDefault)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !NodeAddress.TryParse(result.Tokens[0].Value, out NodeAddress _))
                result.AddError($"{name}: wanted HOST:PORT, got '{result.Tokens[0].Value}'.");
        });
        return option;
    }

    private async Task<int> RunAsync(Terminal terminal, ParseResult parsed)
    {
        string runs = Path.GetFullPath(parsed.GetValue(_runs)!);
        using FileStream held = RunLock.Take(runs, _runs.Name);
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        LocalClusterOptions options = _size.Of(parsed, runs) with
        {
            Http = Address(parsed, _http),
            Listen = _size.Processes(parsed) ? Address(parsed, _listen) : null,
            TokenPath = parsed.GetValue(_token) ?? KnownTokens.In(runs),
            RunsDirectory = runs,
            Roots = DataRoots.OfSetting(parsed.GetValue(_roots) is { Length: > 0 } roots ? roots : [Environment.CurrentDirectory], runs, Jobs.FileModelStore.FileName),
            JobsAtOnce = parsed.GetValue(_jobsAtOnce),
        };
        await using LocalCluster cluster = await LocalCluster.StartAsync(options, terminal.Say);
        using IDisposable known = KnownTokens.Keep(cluster.Http!.Value, options.TokenPath!);
        Show(terminal, cluster, options, parsed.GetValue(_json));
        Task first = await Task.WhenAny(told.Task, cluster.WhenBroken(), cluster.Failures.Broken);
        if (first == cluster.Failures.Broken) return terminal.Fail(ExitCode.TrainingFailed, await cluster.Failures.Broken);
        if (first != told.Task)
            return terminal.Fail(ExitCode.Unreachable, "a node of the cluster ended by itself; its warnings say why.");
        terminal.Say("the cluster ends; unfinished jobs go on when it is started again with the same --runs.");
        return ExitCode.Success;

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            if (!told.TrySetResult()) ProcessEnd.Now(ExitCode.Interrupted);
        }
    }

    private static NodeAddress Address(ParseResult parsed, Option<string> option) =>
        NodeAddress.TryParse(parsed.GetValue(option), out NodeAddress address) ? address : NodeAddress.Local;

    private static void Show(Terminal terminal, LocalCluster cluster, LocalClusterOptions options, bool json)
    {
        if (json)
        {
            terminal.Json(new JsonObject
            {
                ["http"] = cluster.Http!.Value.ToString(),
                ["seed"] = options.Processes ? cluster.SeedAddress.ToString() : null,
                ["workers"] = options.Workers,
                ["processes"] = new JsonArray([.. cluster.WorkerProcessIds.Select(id => JsonValue.Create(id))]),
                ["runs"] = options.RunsDirectory,
                ["token_file"] = options.TokenPath,
            });
            return;
        }
        terminal.Result($"HTTP API   http://{cluster.Http}");
        terminal.Result($"dashboard  http://{cluster.Http}/dashboard");
        if (options.Processes) terminal.Result($"nodes join {cluster.SeedAddress}");
        terminal.Result($"workers    {options.Workers}{(options.Processes ? $" processes: {string.Join(", ", cluster.WorkerProcessIds)}" : "")}");
        terminal.Result($"runs       {options.RunsDirectory}");
        terminal.Result($"token      {options.TokenPath}");
        terminal.Result($"jobs read  {(options.Roots is { } roots ? string.Join(", ", roots.Folders) : "every file that you may read")}");
        terminal.Say($"Ctrl-C ends the cluster. Submit a job with: cluster submit JOB.yaml --connect {cluster.Http}");
    }
}
