using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;
using Cluster.Ml.Tests.Nn;
using Cluster.Ml.Tests.Privacy;

namespace Cluster.Ml.Tests.Learning;

/// <summary>What an update is made of, without data.</summary>
internal static class SomeUpdate
{
    /// <summary>The learner of a job without its data section, with 60 classes.</summary>
    public static ILearner Learner(string text, int features)
    {
        bool targets = !text.Contains("vae", StringComparison.Ordinal) && !text.Contains("gan", StringComparison.Ordinal);
        JobSpec job = JobFile.Parse($"data: {{ source: none.csv{(targets ? ", target: t" : "")}{(text.Contains("privacy", StringComparison.Ordinal) ? ", classes: [ 0 ]" : "")} }}\n{text}", "job.yaml", "/");
        return Learners.Create(job, SomeNetwork.Shape(features, 60), SomeSecret.One);
    }

    public static (NumericBuffer State, NumericBuffer OptimizerState) Start(ILearner learner)
    {
        NumericBuffer state = new(learner.Numbers, learner.StateLength), optimizerState = new(learner.Numbers, learner.OptimizerStateLength);
        learner.Initialize(state, optimizerState);
        return (state, optimizerState);
    }

    /// <summary>Any gradient, and the statistics of 32 examples.</summary>
    public static NumericBuffer Sum(ILearner learner, int step)
    {
        NumericBuffer sum = new(learner.Numbers, learner.ContributionLength);
        Philox.FillGaussian(sum.Floats, 3, RandomPurpose.Augment, step, 0);
        sum.Floats[((learner as IRangedLearner)?.RangedLength ?? learner.StatisticsStart)..].Fill(4);
        sum.Floats[learner.StatisticsStart + StepStatistics.LossSum] = 70.5f;
        sum.Floats[learner.StatisticsStart + StepStatistics.Examples] = 32;
        sum.Floats[learner.StatisticsStart + StepStatistics.Correct] = 5;
        return sum;
    }

    public static NumericBuffer Copy(ReadOnlySpan<float> numbers)
    {
        NumericBuffer copy = new(NumberKind.Float32, numbers.Length);
        numbers.CopyTo(copy.Floats);
        return copy;
    }
}
