namespace Cluster.Messages;

// Between nodes, before the first numbers go from one to the other by the data plane.
//
// DataPlane ── DescribeDataPlane ──▶ DataPlane        numbers wait for a node whose data plane is not known; repeated until answered
// DataPlane ◀── DataPlaneDescribed ── DataPlane

/// <summary>Asks a node how its data plane is reached. PROTOCOL.md: DescribeDataPlane.</summary>
public sealed record DescribeDataPlane : IClusterMessage;

/// <summary>How a node's data plane is reached. PROTOCOL.md: DataPlaneDescribed.</summary>
/// <param name="Name">The node's name on the data plane, of one life.</param>
/// <param name="Host">Its host, which its certificate names.</param>
/// <param name="Port">Where it listens for other hosts.</param>
/// <param name="Path">The Unix socket for nodes of the same host; empty for none.</param>
public sealed record DataPlaneDescribed(string Name, string Host, int Port, string Path) : IClusterMessage;
