namespace Cluster.Messages.DataPlane;

/// <summary>A peer sent what no peer sends; its connection ends.</summary>
internal sealed class BrokenFrameException(string message) : Exception(message);
