namespace Cluster.Actors.Membership.Messages;

/// <summary>What this node's own code asks of its cluster daemon. None of these leaves the node.</summary>
internal interface IClusterCommand : INoSerializationVerificationNeeded;

internal sealed record JoinCommand(Address Address) : IClusterCommand;

internal sealed record JoinSeedNodesCommand(ImmutableArray<Address> SeedNodes) : IClusterCommand;

internal sealed record LeaveCommand(Address Address) : IClusterCommand;

internal sealed record DownCommand(Address Address) : IClusterCommand;

internal sealed record SubscribeCommand(IActorRef Subscriber, ClusterEvent.SubscriptionInitialStateMode Mode, ImmutableArray<Type> Types) : IClusterCommand;

internal sealed record UnsubscribeCommand(IActorRef Subscriber, Type? Type) : IClusterCommand;

internal sealed record SendStateCommand(IActorRef Receiver) : IClusterCommand;

/// <summary>The node at that address does not take this node's connections.</summary>
internal sealed record ConnectionRefused(Address By, string Reason) : IClusterCommand;

/// <summary>Nobody takes connections at that address: a reason to suspect its node sooner, and no more than that.</summary>
internal sealed record ConnectionFailed(Address To) : IClusterCommand;

/// <summary>Everything that ran here has been handed over.</summary>
internal sealed record ExitingCompleted : IClusterCommand;

/// <summary>The node ends: tell the others and fall silent.</summary>
internal sealed record StopCommand(TaskCompletionSource<Done> Done) : IClusterCommand;

internal sealed record HeartbeatTick : IClusterCommand
{
    public static HeartbeatTick Instance { get; } = new();
}

internal sealed record JoinTick : IClusterCommand
{
    public static JoinTick Instance { get; } = new();
}

/// <summary>Sends the gossip that the messages handled so far have made necessary, once for all of them; in a large cluster, for all of a while.</summary>
internal sealed record FlushGossip : IClusterCommand
{
    public static FlushGossip Instance { get; } = new();
}
