using Cluster.Messages;

namespace Cluster.Coordinator.Cli;

/// <summary>Shows progress through another display and remembers the median speed that was reported.</summary>
internal sealed class SpeedMeter(ProgressDisplay inner) : ProgressDisplay
{
    private const int SamplesMax = 10_000;
    private readonly List<double> _samples = [];

    /// <summary>Median of the reported examples a second; 0 if the job ended before any report.</summary>
    public double ExamplesPerSecond
    {
        get
        {
            if (_samples.Count == 0) return 0;
            List<double> sorted = [.. _samples.Order()];
            return sorted[sorted.Count / 2];
        }
    }

    /// <summary>The workers that were last reported to hold shards.</summary>
    public int Workers { get; private set; }

    public override Task<T> WhileAsync<T>(Func<Task<T>> work) => inner.WhileAsync(work);

    public override void OnSteps(StepsProgressed progress)
    {
        if (progress.ExamplesPerSecond > 0 && _samples.Count < SamplesMax) _samples.Add(progress.ExamplesPerSecond);
        Workers = progress.Workers;
        inner.OnSteps(progress);
    }

    public override void OnEpoch(EpochProgressed progress) => inner.OnEpoch(progress);
}
