using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Cluster.Coordinator.Serving;

/// <summary>What the server of models measures, for `/metrics`.</summary>
/// <remarks>Names of models and codes of answers are labels; what a caller wrote is none, so that nobody adds labels without end.</remarks>
internal sealed class ServingMetrics : IDisposable
{
    private static readonly double[] s_seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly double[] s_rows = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096];

    private readonly Meter _meter = new("Cluster.Serving");
    private readonly Counter<long> _requests, _rows, _reloads;
    private readonly Histogram<double> _seconds;
    private readonly Histogram<int> _batches;

    /// <param name="waiting">Rows that wait, by model.</param>
    public ServingMetrics(Func<IEnumerable<KeyValuePair<string, int>>> waiting)
    {
        _requests = _meter.CreateCounter<long>("cluster.serving.requests", null, "Requests that were answered, by model and status code.");
        _rows = _meter.CreateCounter<long>("cluster.serving.rows", null, "Rows that were predicted, by model.");
        _reloads = _meter.CreateCounter<long>("cluster.serving.reloads", null, "Model files that were read anew, by result.");
        _seconds = _meter.CreateHistogram<double>("cluster.serving.request.duration", "s", "From a request to its answer, by model.");
        _batches = _meter.CreateHistogram<int>("cluster.serving.batch.rows", null, "Rows that were predicted together, by model.");
        _meter.CreateObservableGauge(
            "cluster.serving.waiting.rows", () => waiting().Select(model => new Measurement<int>(model.Value, Tag("model", model.Key))), null, "Rows that wait for a batch, by model.");
        Provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(_meter.Name)
            .AddView("cluster.serving.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = s_seconds })
            .AddView("cluster.serving.batch.rows", new ExplicitBucketHistogramConfiguration { Boundaries = s_rows })
            .AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0)
            .Build();
    }

    /// <summary>What `/metrics` reads.</summary>
    public MeterProvider Provider { get; }

    /// <summary>A request was answered.</summary>
    /// <param name="model">The model; null if the request names none that is served.</param>
    /// <param name="status">The code of the answer.</param>
    /// <param name="duration">How long it took.</param>
    public void OnRequest(string? model, int status, TimeSpan duration)
    {
        _requests.Add(1, Tag("model", model ?? ""), Tag("code", status));
        if (model is not null) _seconds.Record(duration.TotalSeconds, Tag("model", model));
    }

    /// <summary>Rows are predicted together.</summary>
    public void OnBatch(string model, int rows)
    {
        _rows.Add(rows, Tag("model", model));
        _batches.Record(rows, Tag("model", model));
    }

    /// <summary>A model file was read anew.</summary>
    public void OnReload(bool succeeded) => _reloads.Add(1, Tag("result", succeeded ? "ok" : "failed"));

    public void Dispose()
    {
        Provider.Dispose();
        _meter.Dispose();
    }

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}
