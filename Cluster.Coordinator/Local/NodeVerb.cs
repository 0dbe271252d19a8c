using Cluster.Coordinator.Cli;
using Cluster.Messages.Node;
using Cluster.Ml.Data;
using Cluster.Seed;
using Cluster.Worker;

namespace Cluster.Coordinator.Local;

/// <summary>`node seed|worker|coordinator`: this process is one node of a cluster of many. Its flags are the node's settings.</summary>
internal static class NodeVerb
{
    /// <summary>The verb.</summary>
    public const string Name = "node";

    /// <summary>Ends the node when the standard input closes: when the process that started it is gone, however it ended.</summary>
    public const string UntilInputClosesFlag = "--until-input-closes";

    private const string Wanted = "node: wanted `cluster node seed|worker|coordinator [--NAME VALUE]...`; `cluster node worker --help` shows a worker's settings.";

    private const string Help = """
        Runs one node of a cluster of many, until Ctrl-C.

        Usage:
          cluster node seed [--NAME VALUE]...
          cluster node worker [--NAME VALUE]...
          cluster node coordinator [--NAME VALUE]...

        `cluster node worker --help` shows a worker's settings, and so on.
        """;

    /// <summary>How long a node whose starter is gone may take to end.</summary>
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal)
    {
        if (arguments.Count == 0) return terminal.Fail(ExitCode.Usage, Wanted);
        if (arguments[0] is "--help" or "-h" or "-?")
        {
            terminal.Result(Help);
            return ExitCode.Success;
        }
        string[] settings = [.. arguments.Skip(1).Where(argument => argument != UntilInputClosesFlag)];
        Task? unwanted = settings.Length < arguments.Count - 1 ? InputClosed() : null;
        VisibleWriter output = new(Console.Error);
        Task<int> node = arguments[0] switch
        {
            NodeRoles.Seed => new SeedProgram { Verbose = terminal.Verbose }.RunAsync(settings, output, unwanted),
            NodeRoles.Worker => new WorkerProgram { Verbose = terminal.Verbose }.RunAsync(settings, output, unwanted),
            NodeRoles.Coordinator => new CoordinatorProgram { Verbose = terminal.Verbose }.RunAsync(settings, output, unwanted),
            _ => Task.FromResult(terminal.Fail(ExitCode.Usage, $"node: wanted a role, got '{arguments[0]}'; {Nearest.Advice(arguments[0], NodeRoles.All)}.")),
        };
        if (unwanted is null) return await node;
        await Task.WhenAny(node, unwanted);
        await Task.WhenAny(node, Task.Delay(EndDeadline, TimeProvider.System));
        return node.IsCompleted ? await node : ExitCode.Unreachable;
    }

    /// <summary>Completes when the standard input closes. A separate thread waits for it, as such a read cannot be cancelled.</summary>
    private static Task InputClosed()
    {
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread reader = new(() =>
        {
            using Stream input = Console.OpenStandardInput();
            byte[] unread = new byte[64];
            while (input.Read(unread) > 0)
            {
            }
            closed.TrySetResult();
        })
        { IsBackground = true, Name = "standard input" };
        reader.Start();
        return closed.Task;
    }
}
