namespace Cluster.Ml.Jobs;

/// <summary>Limits that several keys of a job share, and the seed of a job that names none; all other defaults stand beside the declaration of their key.</summary>
public static class JobDefaults
{
    /// <summary>The largest job file: 64 KiB.</summary>
    public const int TextBytesMax = 64 * 1024;

    /// <summary>Seed if none is written.</summary>
    public const ulong Seed = 42;

    /// <summary>The most micro-batches: 1024.</summary>
    public const int MicroBatchesMax = 1024;

    /// <summary>The most examples a step.</summary>
    public const int BatchMax = 1 << 20;

    /// <summary>The most epochs.</summary>
    public const int EpochsMax = 1_000_000;

    /// <summary>The most units of a recurrent layer.</summary>
    public const int RecurrentUnitsMax = 8192;

    /// <summary>The most such tokens.</summary>
    public const int WindowMax = 4096;

    /// <summary>The most hidden layers.</summary>
    public const int LayersMax = 64;

    /// <summary>The most characters of a path.</summary>
    public const int PathMax = 4096;

    /// <summary>The most characters of a layer's name.</summary>
    public const int LayerNameMax = 100;

    /// <summary>The most rows or columns of a filter or a pooling window, and the largest stride.</summary>
    public const int FilterMax = 256;

    /// <summary>The most units of a layer, or clusters.</summary>
    public const int UnitsMax = 65_536;
}
