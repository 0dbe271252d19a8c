namespace Cluster.Coordinator.Bench;

/// <summary>How a performance task is run.</summary>
/// <param name="Threads">Cores it may use.</param>
/// <param name="Workers">Worker nodes that share the cores in a training task; 1 gives one worker all of them.</param>
/// <param name="Quick">A small size, to see that it runs.</param>
/// <param name="Seed">Every random number is keyed by it.</param>
/// <param name="DataFolder">The folder with the data sets: mnist, cifar10, text.</param>
internal sealed record BenchSettings(int Threads, int Workers, bool Quick, ulong Seed, string? DataFolder)
{
    /// <summary>Epochs of a training task; null for the task's default.</summary>
    public int? Epochs { get; init; }

    /// <summary>Cores of one worker.</summary>
    public int ThreadsPerWorker => Math.Max(1, Threads / Workers);
}
