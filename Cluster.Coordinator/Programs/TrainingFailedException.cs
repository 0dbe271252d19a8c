namespace Cluster.Coordinator.Programs;

/// <summary>Training gave no model: it diverged, storage stayed broken, or the cluster fell silent.</summary>
/// <param name="message">Where, what was wanted, what came, and what to do.</param>
public sealed class TrainingFailedException(string message) : Exception(message);
