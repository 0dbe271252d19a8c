namespace Cluster.Coordinator.Local;

/// <summary>A cluster in one process.</summary>
/// <param name="Workers">How many worker nodes.</param>
/// <param name="ThreadsPerWorker">How many cores each may use.</param>
/// <param name="RunDirectory">Where the coordinator keeps its journal.</param>
internal sealed record LocalClusterOptions(int Workers, int ThreadsPerWorker, string RunDirectory)
{
    /// <summary>How many times slower the first worker is than the others. Default 1: as fast; more only for trials of stragglers.</summary>
    public double FirstWorkerSlowdown { get; init; } = 1;
}
