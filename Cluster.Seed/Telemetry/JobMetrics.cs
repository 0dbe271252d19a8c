using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node.Telemetry;

namespace Cluster.Seed.Telemetry;

/// <summary>The progress of jobs as figures for a collector. A job is measured from its first report to its end.</summary>
/// <remarks>
/// Written by the progress hub, read by collectors. A rewind to a checkpoint takes the step back: that is why steps
/// are a gauge and no counter.
/// </remarks>
internal sealed class JobMetrics : IDisposable
{
    private readonly Meter _meter = new(NodeMetrics.MeterName);
    private readonly ConcurrentDictionary<JobId, StepsProgressed> _running = new();
    private readonly Counter<long> _epochs;
    private readonly Counter<long> _finished;

    public JobMetrics()
    {
        Gauge("cluster.job.step", "{step}", "Steps done.", report => report.Step);
        Gauge("cluster.job.loss", "1", "Mean training loss of the epoch so far.", report => report.Loss);
        Gauge("cluster.job.examples_per_second", "{example}/s", "Examples trained on a second.", report => report.ExamplesPerSecond);
        Gauge("cluster.job.workers", "{node}", "Workers that hold shards of the job.", report => report.Workers);
        _epochs = _meter.CreateCounter<long>("cluster.job.epochs", "{epoch}", "Epochs that were measured.");
        _finished = _meter.CreateCounter<long>("cluster.jobs.finished", "{job}", "Jobs that have ended, by status.");
    }

    /// <summary>Takes a report in.</summary>
    public void OnReport(IJobMessage report)
    {
        switch (report)
        {
            case StepsProgressed steps:
                _running[steps.Job] = steps;
                break;
            case EpochProgressed epoch:
                _epochs.Add(1, Tag(epoch.Job));
                break;
            case JobFinished finished:
                _running.TryRemove(finished.Job, out _);
                _finished.Add(1, new KeyValuePair<string, object?>("status", finished.Status.ToString()));
                break;
        }
    }

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string unit, string description, Func<StepsProgressed, double> figure) => _meter.CreateObservableGauge(
        name, () => _running.Select(job => new Measurement<double>(figure(job.Value), Tag(job.Key))), unit, description);

    private static KeyValuePair<string, object?> Tag(JobId job) => new("job", job.ToString());
}
