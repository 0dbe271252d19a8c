using System.Text.Json.Nodes;

namespace Cluster.Ml.Security.Attacks;

/// <summary>What an attack came to.</summary>
/// <param name="Figures">By name, in order; names are those of the command's JSON.</param>
/// <param name="Notes">Sentences for a person.</param>
public sealed record AttackReport(JsonObject Figures, IReadOnlyList<string> Notes)
{
    /// <summary>The model that the attacker has stolen, or null. It is trained when it is first asked for, unless it is at hand.</summary>
    public Export.SavedModel? Substitute => Stolen?.Value;

    internal Lazy<Export.SavedModel>? Stolen { get; init; }

    /// <summary>What the attacker has made visible, or null.</summary>
    public Export.Image? Image { get; init; }
}
