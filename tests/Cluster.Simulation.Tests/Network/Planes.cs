namespace Cluster.Simulation.Tests.Network;

/// <summary>What nodes are connected by; each plane can be cut alone.</summary>
[Flags]
internal enum Planes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Messages of actors: the engine's remoting.</summary>
    Control = 1,

    /// <summary>Numbers, between data planes.</summary>
    Data = 2,

    /// <summary>All of it, as where a cable is out.</summary>
    All = Control | Data,
}
