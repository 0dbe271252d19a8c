namespace Cluster.Coordinator.Checkpoints;

/// <summary>Training statistics of an epoch so far, summed in double in the order of the steps, so that a replay gives the same bits.</summary>
/// <param name="LossSum">Σ loss over examples.</param>
/// <param name="Examples">How many examples contributed.</param>
/// <param name="Correct">How many were classified rightly.</param>
/// <param name="Converged">The learner said that nothing is left to gain.</param>
internal readonly record struct StepTally(double LossSum, long Examples, double Correct, bool Converged)
{
    /// <summary>Mean loss of an example; NaN before the first.</summary>
    public double MeanLoss => Examples > 0 ? LossSum / Examples : double.NaN;

    /// <summary>Share classified rightly; NaN if there are no classes or no examples.</summary>
    public double Accuracy(bool classes) => classes && Examples > 0 ? Correct / Examples : double.NaN;

    /// <summary>One step more, weighted as the sequential trainer weights it.</summary>
    public StepTally Plus(in Ml.Learning.UpdateOutcome outcome, double correct) => new(
        outcome.Examples > 0 ? LossSum + (outcome.Loss * outcome.Examples) : LossSum,
        Examples + outcome.Examples, Correct + correct, Converged || outcome.Converged);
}
