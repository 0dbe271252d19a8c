namespace Cluster.Coordinator.Programs;

/// <summary>What a model says of a row.</summary>
/// <param name="Text">The class, or the number in the digits that read back as the same one.</param>
/// <param name="Value">The number, the cluster, or the class's index.</param>
/// <param name="Scores">The probability of each class, or the numbers of a vector, by name; none if a number is predicted.</param>
public sealed record RowPrediction(string Text, double Value, IReadOnlyDictionary<string, double> Scores);
