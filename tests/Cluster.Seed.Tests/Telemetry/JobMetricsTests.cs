using System.Diagnostics.Metrics;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node.Telemetry;
using Cluster.Seed.Telemetry;

namespace Cluster.Seed.Tests.Telemetry;

public sealed class JobMetricsTests : IDisposable
{
    private static readonly JobId Job = new("measured-by-this-test");
    private readonly JobMetrics _metrics = new();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _seen = [];

    public JobMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == NodeMetrics.MeterName) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument.Name, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument.Name, value, tags));
        _listener.Start();
    }

    [Fact]
    public void A_running_job_is_measured_as_it_last_reported()
    {
        _metrics.OnReport(new StepsProgressed(Job, 5, 100, 0, 10, .75, .5, 1000, 2));
        _metrics.OnReport(new StepsProgressed(Job, 8, 100, 0, 10, .5, .5, 2000, 3));
        _listener.RecordObservableInstruments();

        _seen["cluster.job.step"].ShouldBe(8);
        _seen["cluster.job.loss"].ShouldBe(.5);
        _seen["cluster.job.examples_per_second"].ShouldBe(2000);
        _seen["cluster.job.workers"].ShouldBe(3);
    }

    [Fact]
    public void A_job_that_has_ended_is_counted_and_no_longer_measured()
    {
        _metrics.OnReport(new StepsProgressed(Job, 5, 100, 0, 10, .75, .5, 1000, 2));
        _metrics.OnReport(new EpochProgressed(Job, 0, 10, [], [], double.NaN));
        _metrics.OnReport(new JobFinished(Job, JobStatus.Completed, "", "", 100, 10, [], [], [], [], [], double.NaN, double.NaN, null, ""));
        _listener.RecordObservableInstruments();

        _seen.Keys.ShouldBe(["cluster.job.epochs", "cluster.jobs.finished"], ignoreOrder: true);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _metrics.Dispose();
    }

    private void Keep(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach ((string key, object? text) in tags)
            if (key == "status" || (string?)text == Job.ToString()) _seen[name] = value;
    }
}
