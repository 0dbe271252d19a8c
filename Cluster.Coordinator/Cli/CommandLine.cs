using System.CommandLine;
using Cluster.Coordinator.Cli.Remote;
using Cluster.Coordinator.Local;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Cli;

/// <summary>The `cluster` command: reads the arguments, runs the verb, turns every failure into a message and an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal)
    {
        if (arguments.Count > 0 && arguments[0] == NodeVerb.Name) return await NodeVerb.RunAsync([.. arguments.Skip(1)], terminal);
        ParseResult parsed = Root(terminal).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (string fault in UsageFaults.Of(parsed)) terminal.Fail(ExitCode.Usage, fault);
            terminal.Say("`cluster --help` lists the verbs, `cluster VERB --help` the flags of one.");
            return ExitCode.Usage;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,     // Ctrl-C belongs to the verb: it writes a checkpoint first
            });
        }
        catch (CommandFailedException failure)
        {
            return terminal.Fail(failure.ExitCode, failure.Message);
        }
        catch (BadInputException bad)
        {
            return terminal.Fail(ExitCode.BadInput, bad.Message);
        }
        catch (Ml.Learning.DivergedException diverged)
        {
            return terminal.Fail(ExitCode.TrainingFailed, diverged.Message);
        }
        catch (IOException io)
        {
            return terminal.Fail(ExitCode.BadInput, io.Message);
        }
        catch (UnauthorizedAccessException denied)
        {
            return terminal.Fail(ExitCode.BadInput, denied.Message);
        }
    }

    /// <summary>All verbs.</summary>
    internal static RootCommand Root(Terminal terminal) =>
        new("Trains machine-learning models on a cluster of workers; the same job gives the same model, byte for byte.")
        {
            TrainCommand.Create(terminal),
            CrossvalCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            PredictCommand.Create(terminal),
            GenerateCommand.Create(terminal),
            InspectCommand.Create(terminal),
            ReportCommand.Create(terminal),
            PrivacyCommand.Create(terminal),
            BenchCommand.Create(terminal),
            UpCommand.Create(terminal),
            StatusCommand.Create(terminal),
            JobsCommand.Create(terminal),
            SubmitCommand.Create(terminal),
            WatchCommand.Create(terminal),
            CancelCommand.Create(terminal),
            ResumeCommand.Create(terminal),
            new Command(NodeVerb.Name, "Runs one node of a cluster of many: `node seed|worker|coordinator`; `node worker --help` shows a worker's settings."),
        };
}
