using Cluster.Ml.Jobs;

namespace Cluster.Ml.Tests.Data;

/// <summary>Jobs of one data source.</summary>
internal static class DataJobs
{
    /// <summary>A job that trains this kind of model on all rows of the source, changed by settings of the form key.path=value.</summary>
    public static JobSpec Of(string source, string kind, params string[] settings)
    {
        string layers = kind == "mlp" ? ", layers: [{ dense: 4 }]" : "";
        return JobFile.Parse(
            $"data: {{ source: '{source}', split: {{ train: 1.0 }} }}\nmodel: {{ kind: {kind}{layers} }}", "test.yaml", "/", settings);
    }
}
