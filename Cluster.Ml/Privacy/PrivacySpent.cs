namespace Cluster.Ml.Privacy;

/// <summary>A privacy loss.</summary>
/// <param name="Epsilon">ε, at least 0; +∞ if nothing is guaranteed.</param>
/// <param name="Order">The Rényi order α that gave it.</param>
public readonly record struct PrivacySpent(double Epsilon, double Order);
