namespace Cluster.Actors.Tests;

/// <summary>Answers each message with itself.</summary>
internal sealed class Echo : ReceiveActor
{
    public Echo() => ReceiveAny(message => Sender.Tell(message));
}
