namespace Cluster.Messages.DataPlane;

/// <summary>What a frame is. The values travel.</summary>
internal enum FrameKind : byte
{
    /// <summary>Numbers of a vector, from the connection's opener; they follow the header.</summary>
    Numbers = 1,

    /// <summary>There is a place for a vector of so many bytes; from the other side.</summary>
    Credit = 2,

    /// <summary>The place for a vector is gone; from the other side.</summary>
    Revoked = 3,

    /// <summary>Nothing, so that the other side knows that this one lives; answered by the same.</summary>
    Pulse = 4,
}
