using System.Collections.Concurrent;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Hosting;

/// <summary>What the engine is told so that two nodes talk within bounds.</summary>
public sealed class NodeHostingTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<string> _logged = new();

    [Fact]
    public async Task A_message_beyond_its_limit_is_an_error_of_its_sender_and_the_next_arrives()
    {
        NodeOptions options = new() { Roles = [NodeRoles.Seed], ComputeThreads = 1 };
        await using ClusterNode first = Start(options, _ => { });
        await using ClusterNode second = Start(options with { Roles = [NodeRoles.Worker], Seeds = [first.Address] }, line => _logged.Enqueue($"{line} {line.Cause}"));
        await second.WaitUntilUp(s_deadline);
        first.System.ActorOf(Props.Create(() => new Echo()), "echo");
        IActorRef echo = await second.System.ActorSelection(new RootActorPath(first.Membership.SelfAddress) / "user" / "echo").ResolveOne(s_deadline);

        echo.Tell(new Block(Limits.MessageBytesMax + 1), ActorRefs.NoSender);
        Block answer = await echo.Ask<Block>(new Block(100), s_deadline);

        answer.Length.ShouldBe(100);
        SpinWait.SpinUntil(
            () => _logged.Any(line => line.Contains("Block", StringComparison.Ordinal) && line.Contains("wanted", StringComparison.Ordinal)), s_deadline).ShouldBeTrue(string.Join("\n", _logged));
    }

    private static ClusterNode Start(NodeOptions options, Action<LogEvent> log) => ClusterNode.Start(
        options,
        MessageCodecs.ForMessages().Register<Block>(
            "test-block", (w, block) => w.Bytes(new byte[block.Length], int.MaxValue, "Bytes"), r => new Block(r.Bytes(int.MaxValue, "Bytes").Length), Limits.MessageBytesMax),
        NodeEnvironment.Tcp(options, log, LogLevel.ErrorLevel));

    private sealed record Block(int Length);

    private sealed class Echo : ReceiveActor
    {
        public Echo() => Receive<Block>(block => Sender.Tell(block, Self));
    }
}
