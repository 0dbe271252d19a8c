namespace Cluster.Messages.DataPlane;

/// <summary>Every bound of the data plane, in one place. Sender and receiver both refuse what exceeds one.</summary>
public static class DataPlaneLimits
{
    /// <summary>Bytes of a slice: what is received of a vector is counted in these.</summary>
    public const int SliceBytes = 64 * 1024;

    /// <summary>Bytes of numbers of one frame: what another stream may have to wait for. They fit a core's cache with their checksum.</summary>
    public const int FrameBytesMax = 4 * SliceBytes;

    /// <summary>Bytes of one vector.</summary>
    public const int VectorBytesMax = int.MaxValue - FrameBytesMax;

    /// <summary>Vectors that a node has a place for, from one peer.</summary>
    public const int PlacesMax = 4096;

    /// <summary>Sendings that wait for one peer.</summary>
    public const int QueueMax = 65536;

    /// <summary>UTF-8 bytes of a node's name.</summary>
    public const int NameBytesMax = 300;

    /// <summary>UTF-8 bytes of a host.</summary>
    public const int HostBytesMax = 255;
}
