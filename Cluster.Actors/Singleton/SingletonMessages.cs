namespace Cluster.Actors.Singleton;

// manager of the new oldest ── HandOverToMe ──▶ manager of each predecessor   repeated until HandOverDone, or the predecessor is removed
// manager of a predecessor ── HandOverDone ──▶ manager of the new oldest      once its singleton has stopped, and to every later question

/// <summary>What the managers of a singleton say to each other.</summary>
internal interface IClusterSingletonMessage;

/// <summary>The sender is the oldest now and will start the singleton once that of this life of the receiver has stopped.</summary>
internal sealed record HandOverToMe(UniqueAddress To) : IClusterSingletonMessage;

/// <summary>The singleton does not run on that node and never will again.</summary>
internal sealed record HandOverDone(UniqueAddress From) : IClusterSingletonMessage;

/// <summary>Time to ask again.</summary>
internal sealed record HandOverRetry : INoSerializationVerificationNeeded
{
    public static HandOverRetry Instance { get; } = new();
}

/// <summary>The node is ending: answer once the singleton has stopped.</summary>
internal sealed record StopSingleton(TaskCompletionSource<Done> Stopped) : INoSerializationVerificationNeeded;

/// <summary>Time to look for the singleton again.</summary>
internal sealed record TryToIdentifySingleton : INoSerializationVerificationNeeded
{
    public static TryToIdentifySingleton Instance { get; } = new();
}
