using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Local;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Programs;

/// <summary>The `cluster` command as part of another program: every verb, with the learners, layers and losses that the program added.</summary>
public static class ClusterCommand
{
    /// <summary>Runs a verb and gives the exit code. What it writes is closed to other users; an exception that nobody handles ends the process with a message.</summary>
    /// <param name="arguments">The command line, without the program's name.</param>
    public static Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        FileMask.CloseToOthers();
        WorkerProcesses.ProgramAssembly = Environment.GetCommandLineArgs()[0];      // with its parts, which `cluster` itself does not have
        Terminal terminal = Terminal.OfProcess();
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
            Environment.Exit(CommandLine.Failed(terminal, unhandled.ExceptionObject as Exception ?? new InvalidOperationException($"{unhandled.ExceptionObject}")));
        return CommandLine.RunAsync(arguments, terminal);
    }
}
