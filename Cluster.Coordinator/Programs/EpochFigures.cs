namespace Cluster.Coordinator.Programs;

/// <summary>How training stands at the end of an epoch.</summary>
/// <param name="Epoch">Which one, from 1.</param>
/// <param name="Epochs">How many the job has.</param>
/// <param name="Training">Figures by name, means over the epoch: loss, accuracy, …</param>
/// <param name="Validation">Figures by name, of the validation rows at the epoch's end; none if there are no such rows.</param>
public sealed record EpochFigures(int Epoch, int Epochs, IReadOnlyDictionary<string, double> Training, IReadOnlyDictionary<string, double> Validation);
