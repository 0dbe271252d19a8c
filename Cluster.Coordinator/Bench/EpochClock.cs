using System.Diagnostics;
using Cluster.Coordinator.Cli;
using Cluster.Messages;

namespace Cluster.Coordinator.Bench;

/// <summary>Shows progress through another display and notes when each epoch ended.</summary>
internal sealed class EpochClock(ProgressDisplay inner) : ProgressDisplay
{
    private readonly List<long> _ends = [];

    /// <summary>Seconds of each epoch but the first, in which the cluster starts, data is read and code is compiled.</summary>
    public IReadOnlyList<double> EpochSeconds =>
        [.. _ends.Skip(1).Select((end, index) => Stopwatch.GetElapsedTime(_ends[index], end).TotalSeconds)];

    public override Task<T> WhileAsync<T>(Func<Task<T>> work) => inner.WhileAsync(work);

    public override void OnSteps(StepsProgressed progress) => inner.OnSteps(progress);

    public override void OnEpoch(EpochProgressed progress)
    {
        _ends.Add(Stopwatch.GetTimestamp());
        inner.OnEpoch(progress);
    }
}
