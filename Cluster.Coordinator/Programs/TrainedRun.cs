namespace Cluster.Coordinator.Programs;

/// <summary>What a run gave.</summary>
/// <param name="Status">How it ended: completed, stopped-early or cancelled.</param>
/// <param name="Folder">The run's folder: model, checkpoints, journal, curves, result.</param>
/// <param name="ModelPath">The model's file; empty if the run was cancelled.</param>
/// <param name="ModelSha256">The identity of the learned numbers, the same on any number of workers; empty if the run was cancelled.</param>
/// <param name="Steps">Training steps done.</param>
/// <param name="Epochs">Epochs done.</param>
/// <param name="Training">Figures of the training rows, by name.</param>
/// <param name="Validation">Figures of the validation rows; none if there are no such rows.</param>
/// <param name="Test">Figures of the test rows; none if there are no such rows.</param>
public sealed record TrainedRun(
    string Status, string Folder, string ModelPath, string ModelSha256, long Steps, int Epochs,
    IReadOnlyDictionary<string, double> Training, IReadOnlyDictionary<string, double> Validation, IReadOnlyDictionary<string, double> Test);
