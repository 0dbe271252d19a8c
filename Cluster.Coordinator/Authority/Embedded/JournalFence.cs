namespace Cluster.Coordinator.Authority;

/// <summary>Makes a node the only writer of its journal. The embedded engine's journal refuses older tokens in the transaction of each write.</summary>
internal static class JournalFence
{
    /// <summary>Tells <paramref name="replyTo"/> a <see cref="FenceRaised"/> once no older token is let in any more.</summary>
    public static void Raise(ActorSystem system, long token, IActorRef replyTo) =>
        JournalFencing.Raise(system, token, error => replyTo.Tell(new FenceRaised(token, error), ActorRefs.NoSender));
}
