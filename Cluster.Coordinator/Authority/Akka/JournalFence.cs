namespace Cluster.Coordinator.Authority;

/// <summary>
/// This engine's journal knows no tokens, but it gives each number of a stream away once: the <see cref="AuthorityTaken"/> that
/// each writer begins with shuts the earlier ones out, stream by stream.
/// </summary>
internal static class JournalFence
{
    /// <summary>Tells <paramref name="replyTo"/> a <see cref="FenceRaised"/> at once.</summary>
    public static void Raise(ActorSystem system, long token, IActorRef replyTo) =>
        replyTo.Tell(new FenceRaised(token, null), ActorRefs.NoSender);
}
