using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;

namespace Cluster.Coordinator.Bench;

/// <summary>One measured figure of a task and what goes with it.</summary>
/// <param name="Task">Names what was measured: the task, or one size of it.</param>
/// <param name="Variant">Tells rows of the same task apart; empty if there is but one.</param>
/// <param name="Seconds">The main time: a median, without warm-up.</param>
/// <param name="Unit">What the seconds are of, such as s/epoch.</param>
/// <param name="Figures">Rates and qualities by name.</param>
internal sealed record BenchRow(string Task, string Variant, double Seconds, string Unit, IReadOnlyList<(string Name, double Value)> Figures)
{
    /// <summary>The identity of the model that was trained; empty if none was.</summary>
    public string ModelSha256 { get; init; } = "";

    public JsonObject ToJson()
    {
        JsonObject row = new() { ["task"] = Task };
        if (Variant.Length > 0) row["variant"] = Variant;
        row["seconds"] = ResultJson.Number(Seconds);
        row["unit"] = Unit;
        foreach ((string name, double value) in Figures) row[name] = ResultJson.Number(value);
        if (ModelSha256.Length > 0) row["model_sha256"] = ModelSha256;
        return row;
    }
}
