using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Privacy;

/// <summary>What a private run is about to spend of its data, and what it will have spent when it has done all that it plans.</summary>
/// <param name="DataSha256">Which data, whatever it is called.</param>
/// <param name="Run">Which run; one that is resumed or repeated with the same secret is the same, and spends nothing twice.</param>
/// <param name="Job">Names the job in messages.</param>
/// <param name="Steps">Steps of this run up to which noise is drawn: an absolute number.</param>
/// <param name="Plan">Rate, noise, δ, budget and steps of the run.</param>
/// <param name="Trainings">How often a row takes part: once, or in all folds but its own.</param>
internal sealed record DataSpending(string DataSha256, string Run, string Job, long Steps, PrivacyPlan Plan, int Trainings = 1)
{
    /// <summary>As an entry of a ledger.</summary>
    public PrivacyEntry Entry => new(Plan.SampleRate, Plan.NoiseMultiplier, Steps * Trainings);

    /// <summary>ε of this run after so many steps together with what other runs spent of the same data.</summary>
    public double EpsilonWith(IEnumerable<PrivacyEntry> others, long steps)
    {
        RdpCurve curve = Plan.CurveAfter(steps * Trainings);
        foreach (PrivacyEntry other in others) curve = curve.Plus(RdpCurve.Of(other.Rate, other.Noise).Times(other.Steps));
        return curve.Epsilon(Plan.Delta).Epsilon;
    }

    /// <summary>Refuses a run that could not end within its budget, as the budget is the data's: a run is trained whole or not at all.</summary>
    /// <exception cref="BadInputException">It could not.</exception>
    public void Require(IReadOnlyList<PrivacyEntry> others)
    {
        if (Plan.TargetEpsilon is not { } budget || (others.Count == 0 && Trainings == 1)) return;
        double total = EpsilonWith(others, Plan.StepsAllowed);
        if (total <= budget) return;
        double spent = EpsilonWith(others, 0);
        throw new BadInputException(
            Job, null, null,
            string.Create(CultureInfo.InvariantCulture, $"privacy.target-epsilon of at least {Math.Ceiling(total * 1000) / 1000}, what all private runs on this data have spent by the end of this one"),
            string.Create(CultureInfo.InvariantCulture, $"{budget}, of which {others.Count} other {(others.Count == 1 ? "run has" : "runs have")} spent {spent:G4}"),
            "raise it and keep the noise (privacy.noise), train fewer steps, or take other data");
    }
}
