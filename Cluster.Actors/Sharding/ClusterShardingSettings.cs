namespace Cluster.Actors.Sharding;

/// <summary>How the entities of a type are spread. A system's defaults can be set by <c>setup.With(new TuningParameters { … })</c>.</summary>
public sealed record ClusterShardingSettings : INoSerializationVerificationNeeded
{
    private ClusterShardingSettings()
    {
    }

    /// <summary>Entities run on members of this role; null for any member.</summary>
    public string? Role { get; init; }

    /// <summary>Always false here: an entity starts with its first message after a move.</summary>
    public bool RememberEntities { get; private init; }

    /// <summary>An entity without messages for so long is stopped; zero keeps it.</summary>
    public TimeSpan PassivateIdleEntityAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Times and bounds.</summary>
    public TuningParameters TuningParameters { get; init; } = new();

    public static ClusterShardingSettings Create(ActorSystem system) =>
        new() { TuningParameters = ((ExtendedActorSystem)system).Setup.Get<TuningParameters>() ?? new TuningParameters() };

    public ClusterShardingSettings WithRole(string? role) => this with { Role = role };

    /// <exception cref="NotSupportedException">This engine does not remember entities.</exception>
    public ClusterShardingSettings WithRememberEntities(bool rememberEntities) => !rememberEntities ? this : throw new NotSupportedException(
        "ClusterShardingSettings: wanted RememberEntities false, got true; this engine starts entities by messages only.");

    public ClusterShardingSettings WithPassivateIdleAfter(TimeSpan duration) => this with { PassivateIdleEntityAfter = duration };

    public ClusterShardingSettings WithTuningParameters(TuningParameters tuningParameters) => this with { TuningParameters = tuningParameters };
}
