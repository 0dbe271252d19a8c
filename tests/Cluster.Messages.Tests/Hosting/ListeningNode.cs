using System.Collections.Concurrent;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Hosting;

/// <summary>A node that founds a cluster, with an actor that notes what it hears and answers it.</summary>
internal sealed class ListeningNode : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private const string EarName = "ear";
    private readonly ClusterMessageSerializer _serializer;

    private ListeningNode(NodeOptions options, Action<LogEvent>? log)
    {
        Node = Start(options, log);
        _serializer = new ClusterMessageSerializer((ExtendedActorSystem)Node.System, MessageCodecs.ForMessages());
        ConcurrentQueue<DescribeJob> heard = Heard;
        Node.System.ActorOf(Props.Create(() => new Ear(heard)), EarName);
    }

    public ClusterNode Node { get; }

    public ConcurrentQueue<DescribeJob> Heard { get; } = new();

    /// <summary>Where its actor is, for others.</summary>
    public string EarPath => $"{Node.Membership.SelfAddress}/user/{EarName}";

    /// <summary>The same by another protocol, as of a node that does not encrypt.</summary>
    public string EarPathBy(string protocol) => $"{Node.Membership.SelfAddress.WithProtocol(protocol)}/user/{EarName}";

    public static async Task<ListeningNode> StartAsync(NodeOptions options, Action<LogEvent>? log = null)
    {
        ListeningNode started = new(options with { Roles = [NodeRoles.Seed] }, log);
        await started.Node.WaitUntilUp(Deadline);
        return started;
    }

    /// <summary>Starts a node that wants to join a cluster.</summary>
    public static ClusterNode Join(ListeningNode seed, NodeOptions options) => Start(options with { Roles = [NodeRoles.Worker], Seeds = [seed.Node.Address] }, null);

    /// <summary>A frame with a message for its actor.</summary>
    public byte[] MessageFrame(string job)
    {
        DescribeJob message = new(new JobId(job));
        return RemotingFrames.Message(EarPath, _serializer.Identifier, _serializer.Manifest(message), _serializer.ToBinary(message));
    }

    /// <summary>The frame by which a peer introduces itself that would be reached at a port.</summary>
    public byte[] IntroductionFrame(int port, ulong life) => RemotingFrames.Introduction(Node.Membership.SelfAddress.WithPort(port), life);

    public ValueTask DisposeAsync() => Node.DisposeAsync();

    private static ClusterNode Start(NodeOptions options, Action<LogEvent>? log) =>
        ClusterNode.Start(options with { ComputeThreads = 1 }, MessageCodecs.ForMessages(), NodeEnvironment.Tcp(options, log, LogLevel.WarningLevel));

    private sealed class Ear : ReceiveActor
    {
        public Ear(ConcurrentQueue<DescribeJob> heard) => Receive<DescribeJob>(message =>
        {
            heard.Enqueue(message);
            Sender.Tell(new JobCancelling(message.Job), Self);
        });
    }
}
