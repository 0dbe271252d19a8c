using System.Runtime.InteropServices;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Node;

/// <summary>The main of a program that is one node: reads its flags, joins, works until it is told to end, and leaves.</summary>
public static class NodeProgram
{
    /// <summary>It was told to end, and left the cluster.</summary>
    public const int Success = 0;

    /// <summary>The command line was wrong.</summary>
    public const int UsageFault = 2;

    /// <summary>The cluster could not be reached, or has ended.</summary>
    public const int Unreachable = 4;

    private static readonly TimeSpan JoinDeadline = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LeaveDeadline = TimeSpan.FromSeconds(30);

    /// <summary>Runs a node until SIGINT or SIGTERM, or until its actor system ends.</summary>
    /// <param name="arguments">As the process got them.</param>
    /// <param name="role">What the node does, of <see cref="NodeRoles"/>.</param>
    /// <param name="codecs">All that it may send or receive.</param>
    /// <param name="start">Starts the node's actors.</param>
    /// <param name="output">Where lines for a person go.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, string role, MessageCodecs codecs, Action<ClusterNode> start, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(output);
        NodeOptions options;
        try
        {
            options = NodeArguments.Parse(arguments, role);
        }
        catch (BadNodeOptionsException fault)
        {
            await output.WriteLineAsync(fault.Message);
            await output.WriteLineAsync(NodeArguments.Usage);
            return UsageFault;
        }
        if (!NodeEnvironment.JoinsOtherProcesses)
        {
            await output.WriteLineAsync(
                $"{role} node: wanted a cluster of several processes, got the embedded engine, whose nodes join within one process only in this version; run a whole cluster in one process with: cluster train JOB.yaml --workers N");
            return Unreachable;
        }
        return await JoinAsync(options, codecs, start, output);
    }

    private static async Task<int> JoinAsync(NodeOptions options, MessageCodecs codecs, Action<ClusterNode> start, TextWriter output)
    {
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        await using ClusterNode node = ClusterNode.Start(options, codecs, NodeEnvironment.InProcess(log: line => output.WriteLine(line)));
        start(node);
        try
        {
            await node.WaitUntilUp(JoinDeadline);
        }
        catch (Exception fault) when (fault is TimeoutException or InvalidOperationException)
        {
            await output.WriteLineAsync(fault.Message);
            return Unreachable;
        }
        await output.WriteLineAsync($"{node.Name} is a member of the cluster, at {node.Address}.");
        Task first = await Task.WhenAny(told.Task, node.System.WhenTerminated);
        if (first != told.Task) return Unreachable;
        return await node.Stop(LeaveDeadline) ? Success : Unreachable;

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            told.TrySetResult();
        }
    }
}
