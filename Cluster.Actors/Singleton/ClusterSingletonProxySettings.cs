namespace Cluster.Actors.Singleton;

/// <summary>How a proxy finds its singleton.</summary>
public sealed class ClusterSingletonProxySettings : INoSerializationVerificationNeeded
{
    private ClusterSingletonProxySettings(string singletonName, string? role, TimeSpan identificationInterval, int bufferSize)
    {
        SingletonName = singletonName;
        Role = role;
        SingletonIdentificationInterval = identificationInterval;
        BufferSize = bufferSize;
    }

    /// <summary>The name of the singleton below its manager.</summary>
    public string SingletonName { get; }

    /// <summary>The role on which it runs; null for any member.</summary>
    public string? Role { get; }

    /// <summary>How often the singleton is asked for while it is unknown.</summary>
    public TimeSpan SingletonIdentificationInterval { get; }

    /// <summary>Messages kept while the singleton is unknown; the oldest are dropped beyond that. 0 keeps none.</summary>
    public int BufferSize { get; }

    public static ClusterSingletonProxySettings Create(ActorSystem system) => new("singleton", null, TimeSpan.FromMilliseconds(200), 1000);

    public ClusterSingletonProxySettings WithSingletonName(string singletonName) =>
        new(singletonName, Role, SingletonIdentificationInterval, BufferSize);

    public ClusterSingletonProxySettings WithRole(string? role) => new(SingletonName, role, SingletonIdentificationInterval, BufferSize);

    public ClusterSingletonProxySettings WithSingletonIdentificationInterval(TimeSpan singletonIdentificationInterval) =>
        new(SingletonName, Role, singletonIdentificationInterval, BufferSize);

    public ClusterSingletonProxySettings WithBufferSize(int bufferSize)
    {
        if (bufferSize is < 0 or > 10_000) throw new ArgumentOutOfRangeException(nameof(bufferSize), bufferSize, "ClusterSingletonProxySettings.BufferSize: wanted 0 to 10000");
        return new(SingletonName, Role, SingletonIdentificationInterval, bufferSize);
    }
}
