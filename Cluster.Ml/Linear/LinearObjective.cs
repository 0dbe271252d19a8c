using Cluster.Ml.Jobs;

namespace Cluster.Ml.Linear;

/// <summary>What a least-squares model makes small, beside the residuals.</summary>
/// <remarks>Equation  (1/n) Σ(y − b₀ − xᵀb)² + MeanL1·Σ|bⱼ| + (MeanL2 + SumL2/n)·Σbⱼ²; the intercept is not penalised</remarks>
/// <param name="Kind">The kind of learner, for messages.</param>
/// <param name="MeanL1">Weight of the absolute values, beside the mean of squared residuals.</param>
/// <param name="MeanL2">Weight of the squares, beside the mean of squared residuals.</param>
/// <param name="SumL2">Weight of the squares, beside the sum of squared residuals.</param>
internal sealed record LinearObjective(string Kind, double MeanL1, double MeanL2, double SumL2)
{
    /// <summary>(1/2n) Σ(y − b₀ − xᵀb)² + alpha·(ratio·Σ|bⱼ| + (1 − ratio)/2·Σbⱼ²), twice of which this is.</summary>
    public static LinearObjective OfElasticNet(string kind, double alpha, double ratio) => new(kind, 2 * alpha * ratio, alpha * (1 - ratio), 0)
    {
        Penalty = ratio == 1 ? $"penalty alpha {alpha}" : $"penalty alpha {alpha}, l1-ratio {ratio}",
    };

    /// <summary>The penalties as the job says them; null for as they are here.</summary>
    public string? Penalty { get; private init; }

    /// <summary>Whether there is no penalty.</summary>
    public bool IsPlain => this is { MeanL1: 0, MeanL2: 0, SumL2: 0 };

    /// <summary>Whether only squares are penalised.</summary>
    public bool IsRidge => MeanL1 == 0 && (MeanL2 > 0 || SumL2 > 0);

    /// <summary>The penalties of a job of kind linear-regression.</summary>
    public static LinearObjective Of(JobSpec spec) => new(spec.Model.Kind, spec.Training.Regularize.L1, spec.Training.Regularize.L2, 0);

    /// <summary>The weight of the squares, beside the sum of squared residuals of so many examples.</summary>
    public double RidgeOf(double examples) => (examples * MeanL2) + SumL2;

    /// <summary>The penalties in words.</summary>
    public string Describe() => Penalty ?? (SumL2 > 0 ? $"penalty alpha {SumL2}" : $"penalties L1 {MeanL1}, L2 {MeanL2}");
}
