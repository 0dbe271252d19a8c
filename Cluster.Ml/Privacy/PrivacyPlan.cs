using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Privacy;

/// <summary>What a private job will do: how rows are drawn, how much noise is added, how many steps the budget allows.</summary>
/// <remarks>A pure function of the job and the number of training rows, so that every node makes the same plan.</remarks>
public sealed class PrivacyPlan
{
    private readonly RdpCurve _step;

    private PrivacyPlan(double rate, double noise, PrivacySpec privacy, long stepsPerEpoch, long stepsPlanned)
    {
        SampleRate = rate;
        NoiseMultiplier = noise;
        Delta = privacy.Delta;
        TargetEpsilon = privacy.TargetEpsilon;
        StepsPerEpoch = stepsPerEpoch;
        StepsPlanned = stepsPlanned;
        _step = RdpCurve.Of(rate, noise);
        StepsAllowed = MostSteps();
    }

    /// <summary>q = batch / training rows: the probability with which a row takes part in a step.</summary>
    public double SampleRate { get; }

    /// <summary>σ: the noise's standard deviation in units of the clipping norm; given, or calibrated from the target ε.</summary>
    public double NoiseMultiplier { get; }

    /// <summary>δ.</summary>
    public double Delta { get; }

    /// <summary>The budget, or null for none.</summary>
    public double? TargetEpsilon { get; }

    /// <summary>Steps of one epoch: ⌊rows / batch⌋, at least 1.</summary>
    public long StepsPerEpoch { get; }

    /// <summary>Steps of all epochs.</summary>
    public long StepsPlanned { get; }

    /// <summary>The most steps, of those planned, that the budget allows.</summary>
    public long StepsAllowed { get; }

    /// <summary>The plan of a job, or null if training is not private.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="trainingExamples">Rows of the training split.</param>
    /// <exception cref="BadInputException">The batch is larger than the training split, or the budget allows no step at all.</exception>
    public static PrivacyPlan? For(JobSpec spec, int trainingExamples)
    {
        if (spec.Privacy is not { } privacy) return null;
        int batch = spec.Training.Batch;
        if (batch > trainingExamples)
            throw new BadInputException(
                spec.Name, null, null, "training.batch of at most the number of training rows where training is private",
                $"{batch} for {trainingExamples} rows", "lower training.batch");
        BatchPlan batches = BatchPlan.For(spec, trainingExamples, fullBatch: false);
        double rate = batches.SampleRate;
        long perEpoch = batches.StepsPerEpoch, planned = perEpoch * spec.Training.Epochs;
        double noise = privacy.Noise ?? Accountant.Noise(privacy.TargetEpsilon!.Value, privacy.Delta, rate, planned);
        PrivacyPlan plan = new(rate, noise, privacy, perEpoch, planned);
        if (plan.StepsAllowed == 0)
            throw new BadInputException(
                spec.Name, null, null, FormattableString.Invariant($"privacy.target-epsilon of at least {plan.EpsilonAfter(1):G4}, the cost of one step"),
                FormattableString.Invariant($"{privacy.TargetEpsilon}"), "raise target-epsilon or noise, or lower training.batch");
        return plan;
    }

    /// <summary>ε spent by so many steps of this plan.</summary>
    public double EpsilonAfter(long steps) => CurveAfter(steps).Epsilon(Delta).Epsilon;

    /// <summary>What so many steps spend at every order.</summary>
    public RdpCurve CurveAfter(long steps) => _step.Times(steps);

    /// <summary>A ledger of this job with nothing spent.</summary>
    public PrivacyLedger OpenLedger() => PrivacyLedger.Open(SampleRate, NoiseMultiplier, Delta, TargetEpsilon);

    private long MostSteps()
    {
        if (TargetEpsilon is not { } budget || EpsilonAfter(StepsPlanned) <= budget) return StepsPlanned;
        long low = 0, high = StepsPlanned;
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            if (EpsilonAfter(middle) <= budget) low = middle;
            else high = middle;
        }
        return low;
    }
}
