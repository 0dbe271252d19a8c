namespace Cluster.Messages.DataPlane;

/// <summary>How long the data plane waits for what, by the clock that it is given. No wait is without an end.</summary>
public sealed record DataPlaneOptions
{
    /// <summary>From a connection's beginning to mutual trust. Too long: strangers hold places; too short: a busy machine is refused. Default 5 s.</summary>
    public TimeSpan HandshakeDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For one frame to be read, or written, once it has begun. Default 10 s.</summary>
    public TimeSpan StallDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of silence: a pulse is sent after a third of it, and a peer that says nothing for all of it is given up. Default 15 s.</summary>
    public TimeSpan IdleDeadline { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For a sending to be given a place by its receiver, and to leave. Default 60 s.</summary>
    public TimeSpan SendDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Connections that have not proved anything yet; further ones are closed at once. Default 64.</summary>
    public int StrangersMax { get; init; } = 64;
}
