using System.Text.Json.Serialization;

namespace Cluster.Messages.Node.Health;

/// <summary>How a node is.</summary>
/// <param name="Healthy">Whether all is well.</param>
/// <param name="Status">In words.</param>
/// <param name="Node">Its name.</param>
/// <param name="Roles">What it can do.</param>
/// <param name="Member">Its status in the cluster.</param>
/// <param name="Duty">What it does now within its role; empty while it is not ready.</param>
public sealed record HealthReport(bool Healthy, string Status, string Node, string Roles, string Member, string Duty);

/// <summary>How health reports are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
