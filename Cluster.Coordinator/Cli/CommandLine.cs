using System.CommandLine;
using Cluster.Coordinator.Cli.Remote;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.Local;
using Cluster.Messages.Node;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Cli;

/// <summary>The `cluster` command: reads the arguments, runs the verb, turns every failure into a message and an exit code.</summary>
internal static class CommandLine
{
    private const string VerboseFlag = "--verbose";

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal)
    {
        try
        {
            return await RunVerbAsync(arguments, terminal);
        }
        catch (Exception error)
        {
            return Failed(terminal, error);
        }
    }

    /// <summary>Says what went wrong, and what the process is to end with. Where in the program it was is shown with --verbose alone.</summary>
    public static int Failed(Terminal terminal, Exception error)
    {
        (int code, string message) = error switch
        {
            CommandFailedException failure => (failure.ExitCode, failure.Message),
            BadInputException bad => (ExitCode.BadInput, bad.Message),
            Ml.Learning.DivergedException diverged => (ExitCode.TrainingFailed, diverged.Message),
            Checkpoints.StorageException broken => (ExitCode.TrainingFailed, broken.Message),
            IOException io => (ExitCode.BadInput, FailureText.Of(io)),
            UnauthorizedAccessException denied => (ExitCode.BadInput, FailureText.Of(denied)),
            Microsoft.Data.Sqlite.SqliteException database => (ExitCode.TrainingFailed, FailureText.Of(database)),
            OutOfMemoryException => (ExitCode.TrainingFailed, "The memory that the process may use is too small; --data-memory keeps less data in it, --workers fewer copies."),
            AggregateException { InnerExceptions: [var only] } => (Failed(terminal, only), ""),
            _ => (ExitCode.TrainingFailed, $"The program has failed: {LogText.Describe(error)}; {VerboseFlag} shows where."),
        };
        if (message.Length > 0) terminal.Fail(code, message);
        if (message.Length > 0 && terminal.Verbose) terminal.Say(error.ToString());
        return code;
    }

    private static async Task<int> RunVerbAsync(IReadOnlyList<string> arguments, Terminal terminal)
    {
        if (arguments.Count > 0 && arguments[0] == NodeVerb.Name)
        {
            terminal.Verbose = LogText.IsAsked || arguments.Contains(VerboseFlag);
            return await NodeVerb.RunAsync([.. arguments.Skip(1).Where(argument => argument != VerboseFlag)], terminal);
        }
        ParseResult parsed = Root(terminal).Parse(arguments);
        if (parsed.Errors.Count > 0 || UsageErrors.Empty(parsed).Any())
        {
            foreach (string error in UsageErrors.Of(parsed)) terminal.Fail(ExitCode.Usage, error);
            terminal.Say("`cluster --help` lists the verbs, `cluster VERB --help` the flags of one.");
            return ExitCode.Usage;
        }
        terminal.Verbose = IsVerbose(parsed);
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,     // Ctrl-C belongs to the verb: it writes a checkpoint first
        });
    }

    /// <summary>Whether a person wants to be told more: of this command alone, or of all by the environment.</summary>
    public static bool IsVerbose(ParseResult parsed) => LogText.IsAsked || parsed.GetValue<bool>(VerboseFlag);

    /// <summary>All verbs.</summary>
    internal static RootCommand Root(Terminal terminal) =>
        new("Trains machine-learning models on a cluster of workers; the same job gives the same model, byte for byte.")
        {
            new Option<bool>(VerboseFlag) { Description = $"Says more: what the nodes exchanged, and where in the program a failure happened (as does {LogText.VerboseName}=1).", Recursive = true },
            TrainCommand.Create(terminal),
            CrossvalCommand.Create(terminal),
            TuneCommand.Create(terminal),
            PathCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            PredictCommand.Create(terminal),
            ServeCommand.Create(terminal),
            ExportCommand.Create(terminal),
            GenerateCommand.Create(terminal),
            InspectCommand.Create(terminal),
            DescribeCommand.Create(terminal),
            InitCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            SchemaCommand.Create(terminal),
            ReportCommand.Create(terminal),
            RunsCommand.Create(terminal),
            AttackCommand.Create(terminal),
            PrivacyCommand.Create(terminal),
            BenchCommand.Create(terminal),
            UpCommand.Create(terminal),
            StatusCommand.Create(terminal),
            JobsCommand.Create(terminal),
            SubmitCommand.Create(terminal),
            WatchCommand.Create(terminal),
            CancelCommand.Create(terminal),
            ResumeCommand.Create(terminal),
            CompletionCommand.Create(terminal, () => Root(terminal)),
            new Command(NodeVerb.Name, "Runs one node of a cluster of many: `node seed|worker|coordinator`; `node worker --help` shows a worker's settings."),
        };
}
