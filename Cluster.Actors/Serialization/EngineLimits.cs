namespace Cluster.Actors.Serialization;

/// <summary>The bounds of what the engine itself sends; writer and reader both keep them.</summary>
internal static class EngineLimits
{
    /// <summary>Bytes of one message of any kind.</summary>
    public const int MessageBytesMax = 1024 * 1024;

    /// <summary>UTF-8 bytes of a serialized path.</summary>
    public const int PathBytesMax = 1024;

    /// <summary>UTF-8 bytes of a name: a role, a shard, an entity, an element of a path, a manifest.</summary>
    public const int NameBytesMax = 512;

    /// <summary>UTF-8 bytes of a text for a person. A longer one is cut by the writer: bad news must get through.</summary>
    public const int ReasonBytesMax = 4 * 1024;

    /// <summary>UTF-8 bytes of a host's name, as DNS bounds it.</summary>
    public const int HostBytesMax = 255;

    /// <summary>Elements of a selection's path.</summary>
    public const int SelectionElementsMax = 64;

    /// <summary>Roles of a node.</summary>
    public const int RolesMax = 32;

    /// <summary>Shards of a region, or entities of a shard, in one message.</summary>
    public const int ShardsMax = 16 * 1024;

    /// <summary>Messages inside each other, so that no bytes can exhaust the stack.</summary>
    public const int DepthMax = 8;
}
