using System.Text.Json.Nodes;

namespace Cluster.Ml.Security.Attacks;

/// <summary>What an attack came to.</summary>
/// <param name="Figures">By name, in order; names are those of the command's JSON.</param>
/// <param name="Notes">Sentences for a person.</param>
public sealed record AttackReport(JsonObject Figures, IReadOnlyList<string> Notes)
{
    /// <summary>The model that the attacker has stolen, or null.</summary>
    public Export.SavedModel? Substitute { get; init; }

    /// <summary>What the attacker has made visible, or null.</summary>
    public Export.Image? Image { get; init; }
}
