namespace Cluster.Messages.Node.Health;

/// <summary>Says how a node is, by asking its actors: an open port says nothing about who is behind it.</summary>
public sealed class NodeHealth
{
    /// <summary>How long an actor may take to answer.</summary>
    public static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(2);

    /// <summary>The system's own timers may have ended with it, so the deadline is kept outside of it, too.</summary>
    private static readonly TimeSpan Patience = AnswerDeadline + TimeSpan.FromSeconds(1);

    private readonly ClusterNode _node;
    private readonly IActorRef _echo;
    private readonly string _workPath;
    private readonly Func<TimeSpan, Task<string>> _duty;

    private NodeHealth(ClusterNode node, IActorRef echo, string workPath, Func<TimeSpan, Task<string>> duty)
    {
        _node = node;
        _echo = echo;
        _workPath = workPath;
        _duty = duty;
    }

    /// <summary>Starts the actor that answers for the node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="workPath">The actor that does the node's work.</param>
    /// <param name="duty">What the node does now within its role.</param>
    public static NodeHealth Start(ClusterNode node, string workPath, Func<TimeSpan, Task<string>> duty)
    {
        ArgumentNullException.ThrowIfNull(node);
        return new NodeHealth(node, node.System.ActorOf(Props.Create(() => new EchoActor()), "health"), workPath, duty);
    }

    /// <summary>Whether the node's actors run: one of them answers in time.</summary>
    public async Task<HealthReport> LiveAsync()
    {
        try
        {
            await _echo.Ask<Ping>(Ping.Instance, AnswerDeadline).WaitAsync(Patience);
            return Report(true, "alive", "");
        }
        catch (Exception silent) when (silent is AskTimeoutException or TimeoutException or OperationCanceledException)
        {
            return Report(false, $"no actor answered within {AnswerDeadline.TotalSeconds:F0} s", "");
        }
    }

    /// <summary>Whether the node is a member of the cluster and does its work.</summary>
    public async Task<HealthReport> ReadyAsync()
    {
        HealthReport live = await LiveAsync();
        if (!live.Healthy) return live;
        if (_node.Membership.SelfMember.Status != MemberStatus.Up) return Report(false, "not a member that works", "");
        try
        {
            await _node.System.ActorSelection(_workPath).ResolveOne(AnswerDeadline).WaitAsync(Patience);
            return Report(true, "ready", await _duty(AnswerDeadline).WaitAsync(Patience));
        }
        catch (Exception silent) when (silent is ActorNotFoundException or AskTimeoutException or TimeoutException or OperationCanceledException)
        {
            return Report(false, $"{_workPath} did not answer within {AnswerDeadline.TotalSeconds:F0} s", "");
        }
    }

    private HealthReport Report(bool healthy, string status, string duty) => new(
        healthy, status, _node.Name, string.Join(',', _node.Options.Roles), _node.Membership.SelfMember.Status.ToString(), duty);

    private sealed record Ping
    {
        public static readonly Ping Instance = new();
    }

    private sealed class EchoActor : ReceiveActor
    {
        public EchoActor() => Receive<Ping>(ping => Sender.Tell(ping));
    }
}
