using System.Runtime.InteropServices;
using Cluster.Messages.Node.Health;
using Cluster.Messages.Node.Settings;
using Cluster.Messages.Node.Telemetry;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Node;

/// <summary>A program that is one node: reads its settings, joins, answers for its health, works until it is told to end, and leaves.</summary>
/// <typeparam name="TOptions">Its options record.</typeparam>
public abstract class NodeProgram<TOptions>
    where TOptions : ProgramOptions
{
    private static readonly TimeSpan TerminateDeadline = TimeSpan.FromSeconds(5);

    /// <summary>What the program is called.</summary>
    public abstract string Name { get; }

    /// <summary>What it does, in a sentence.</summary>
    public abstract string Summary { get; }

    /// <summary>Whether its log has stack traces.</summary>
    public bool Verbose { get; init; }

    /// <summary>All that can be set, in the order of the help.</summary>
    public abstract SettingList<TOptions> Settings { get; }

    /// <summary>The actor that does the node's work; while it does not answer, the node is not ready.</summary>
    protected abstract string WorkPath { get; }

    /// <summary>Runs the node until SIGINT or SIGTERM, until its actor system ends, or until it is no longer wanted.</summary>
    /// <param name="arguments">As the process got them.</param>
    /// <param name="output">Where lines for a person go.</param>
    /// <param name="unwanted">Completes when the process that started the node is gone, and the cluster with it; null if there is no such process.</param>
    /// <returns>The process's exit code, of <see cref="NodeExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, Task? unwanted = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        SettingsReading<TOptions> reading = Read(arguments, Environment.GetEnvironmentVariable);
        if (reading.HelpAsked)
        {
            await output.WriteLineAsync(Help());
            return NodeExitCode.Success;
        }
        foreach (string error in reading.Errors) await output.WriteLineAsync(error);
        if (!reading.Errors.IsEmpty)
        {
            await output.WriteLineAsync($"`{Name} --help` shows every setting with its range and default.");
            return NodeExitCode.Usage;
        }
        using EndSignals signals = new(unwanted);
        return await LiveAsync(reading.Options, output, signals.Ended, hasStarter: unwanted is not null);
    }

    /// <summary>Reads the program's settings.</summary>
    /// <param name="arguments">Its flags.</param>
    /// <param name="environment">The value of an environment variable; null if there is none.</param>
    public SettingsReading<TOptions> Read(IReadOnlyList<string> arguments, Func<string, string?> environment) =>
        new SettingsReader<TOptions>(Settings, options => options.Errors()).Read(arguments, environment);

    /// <summary>Every setting with what it does, its range and its default.</summary>
    public string Help() => SettingsHelp.Write(Name, Summary, Settings.All);

    /// <summary>Adds what the node runs.</summary>
    protected abstract void AddRole(AkkaConfigurationBuilder builder, TOptions options);

    /// <summary>Starts what else the program runs beside the node's actors.</summary>
    /// <returns>What must end before the node leaves; null for nothing.</returns>
    protected virtual Task<IAsyncDisposable?> ServeAsync(ClusterNode node, TOptions options, NodeHealth health) => Task.FromResult<IAsyncDisposable?>(null);

    /// <summary>What the node does now within its role, for the report on its health.</summary>
    /// <param name="node">The node.</param>
    /// <param name="deadline">How long the answer may take.</param>
    protected abstract Task<string> DutyAsync(ClusterNode node, TimeSpan deadline);

    /// <summary>All that the node may send, receive or journal.</summary>
    protected virtual MessageCodecs Codecs() => MessageCodecs.ForMessages();

    /// <summary>The node's options, with what follows from the program's own.</summary>
    protected virtual NodeOptions NodeOf(TOptions options) => options.Node;

    private static NodeOptions WithPeers(NodeOptions options, MemberFile? members) =>
        members is null ? options : options with { Peers = [.. options.Peers, .. members.Read()] };

    private async Task<int> LiveAsync(TOptions options, TextWriter output, Task<bool> ended, bool hasStarter)
    {
        ClusterNode node;
        try
        {
            MemberFile? members = options.KnownMembers is { } path ? new MemberFile(path) : null;
            NodeOptions own = WithPeers(NodeOf(options), members);
            node = ClusterNode.Start(own, Codecs(), NodeEnvironment.Tcp(own, line => Write(line, output, all: !hasStarter || Verbose)), builder => AddRole(builder, options));
            if (members is not null) node.System.ActorOf(MembersKeeperActor.PropsOf(members), "members");
            node.System.ActorOf(SplitWatchActor.PropsOf(own.Seeds, own.Peers), SplitWatchActor.Name);
        }
        catch (Exception error) when (NodeExitCode.Of(error) is not null)
        {
            await output.WriteLineAsync($"{Name}: {error.Message}");
            return NodeExitCode.Of(error)!.Value;
        }
        try
        {
            NodeHealth health = NodeHealth.Start(node, WorkPath, deadline => DutyAsync(node, deadline));
            await using IAsyncDisposable? work = await ServeAsync(node, options, health);
            await using HealthServer? server = options.Health is { } address ? await HealthServer.StartAsync(address, health) : null;
            using NodeMetrics? metrics = options.Metrics is { } collector ? NodeMetrics.Start(node, collector) : null;
            return await WorkAsync(node, options, output, ended);
        }
        catch (Exception error) when (NodeExitCode.Of(error) is not null)
        {
            await output.WriteLineAsync($"{Name}: {error.Message}");
            return NodeExitCode.Of(error)!.Value;
        }
        finally
        {
            await EndAsync(node);
        }
    }

    private void Write(LogEvent line, TextWriter output, bool all)
    {
        if (all || !LogText.IsAkkas(line)) output.WriteLine(LogText.Of(line, Verbose));
    }

    private static async Task<int> WorkAsync(ClusterNode node, TOptions options, TextWriter output, Task<bool> ended)
    {
        Task up = node.WaitUntilUp(options.JoinDeadline);
        if (await Task.WhenAny(up, ended) == up)
        {
            await up;
            await output.WriteLineAsync($"{node.Name} is a member of the cluster, at {node.Address}.");
            if (await Task.WhenAny(ended, node.System.WhenTerminated) != ended)
            {
                await output.WriteLineAsync($"{node.Name} was removed from the cluster, or its actor system ended; its log says why.");
                return NodeExitCode.Unreachable;
            }
        }
        if (!await ended) return NodeExitCode.Success;
        bool left = await node.Stop(options.LeaveDeadline);
        await output.WriteLineAsync(left
            ? $"{node.Name} has left the cluster."
            : $"{node.Name}: wanted to leave within {options.LeaveDeadline}, did not; the others will notice its silence.");
        return left ? NodeExitCode.Success : NodeExitCode.Unreachable;
    }

    private static async Task EndAsync(ClusterNode node)
    {
        try
        {
            await node.System.Terminate().WaitAsync(TerminateDeadline);
        }
        catch (TimeoutException)
        {
            // The process ends in any case, as its threads are background threads.
        }
    }

    /// <summary>SIGINT and SIGTERM, on which the node leaves; and the end of the process that started it: the cluster ends with that process, so that there is no handover.</summary>
    private sealed class EndSignals : IDisposable
    {
        private readonly TaskCompletionSource<bool> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly PosixSignalRegistration _interrupt, _terminate;

        public EndSignals(Task? unwanted)
        {
            _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
            _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
            unwanted?.ContinueWith(_ => _told.TrySetResult(false), TaskScheduler.Default);
        }

        /// <summary>Whether the node is to leave the cluster.</summary>
        public Task<bool> Ended => _told.Task;

        public void Dispose()
        {
            _interrupt.Dispose();
            _terminate.Dispose();
        }

        private void OnSignal(PosixSignalContext signal) => signal.Cancel = _told.TrySetResult(true);    // the second signal does what it always does
    }
}
