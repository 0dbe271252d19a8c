namespace Cluster.Actors.Singleton;

/// <summary>How a singleton is run.</summary>
public sealed class ClusterSingletonManagerSettings : INoSerializationVerificationNeeded
{
    private ClusterSingletonManagerSettings(string singletonName, string? role, TimeSpan handOverRetryInterval)
    {
        SingletonName = singletonName;
        Role = role;
        HandOverRetryInterval = handOverRetryInterval;
    }

    /// <summary>The name of the singleton below its manager.</summary>
    public string SingletonName { get; }

    /// <summary>It runs on members of this role; null for any member.</summary>
    public string? Role { get; }

    /// <summary>How often the hand-over is asked for again.</summary>
    public TimeSpan HandOverRetryInterval { get; }

    public static ClusterSingletonManagerSettings Create(ActorSystem system) => new("singleton", null, TimeSpan.FromMilliseconds(200));

    public ClusterSingletonManagerSettings WithSingletonName(string singletonName) => new(singletonName, Role, HandOverRetryInterval);

    public ClusterSingletonManagerSettings WithRole(string? role) => new(SingletonName, role, HandOverRetryInterval);

    public ClusterSingletonManagerSettings WithHandOverRetryInterval(TimeSpan handOverRetryInterval) => new(SingletonName, Role, handOverRetryInterval);
}
