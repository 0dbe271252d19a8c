using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks;

namespace Cluster.Ml.Tests.Tasks;

/// <summary>Jobs with a section tune, and reports of their trials.</summary>
internal static class SearchJobs
{
    /// <summary>A classifier, whose trials are compared by log-loss.</summary>
    public static JobSpec Of(string tune, params string[] settings) => JobFile.Parse(
        $"seed: 7\ndata: {{ source: rows.csv, target: label }}\nmodel: {{ kind: softmax }}\ntraining: {{ epochs: 27, batch: 32, optimizer: {{ sgd: {{ rate: 0.1 }} }} }}\ntune: {tune}",
        "search.yaml", "/jobs", settings);

    public static TaskReport Report(double loss, string label = "") =>
        new(new Metrics([new("log-loss", loss), new("accuracy", 0.5)]), new string('a', 64)) { Label = label };

    public static TaskReport Failed(string label = "") => new(Metrics.None, "") { Label = label, Reason = "step 3 of layer dense: NaN" };
}
