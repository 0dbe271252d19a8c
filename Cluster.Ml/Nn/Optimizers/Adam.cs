using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>What a job says about Adam.</summary>
public sealed record AdamOptions : OptimizerSpec
{
    /// <summary>Its name.</summary>
    public const string Name = "adam";

    internal static readonly NamedChoice Declared = new(Name, "steps by the ratio of a running mean to the root of a running mean of squares", new KeySet<AdamOptions>(new())
        .Number("rate", "Learning rate.", o => o.Rate, (o, value) => o with { Rate = value }, NumberRange.Positive, source: "Kingma and Ba, ICLR 2015")
        .Number("beta1", "Decay of the first moment.", o => o.Beta1, (o, value) => o with { Beta1 = value }, NumberRange.Decay, source: "Kingma and Ba, ICLR 2015")
        .Number("beta2", "Decay of the second moment.", o => o.Beta2, (o, value) => o with { Beta2 = value }, NumberRange.Decay, source: "Kingma and Ba, ICLR 2015")
        .Number("epsilon", "Added to the root of the second moment.", o => o.Epsilon, (o, value) => o with { Epsilon = value }, NumberRange.Positive, source: "Kingma and Ba, ICLR 2015"));

    /// <summary>Learning rate.</summary>
    public double Rate { get; init; } = 0.001;

    /// <summary>Decay of the first moment.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;


    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override string? State => "moments";

    internal override Optimizer Create() => new Adam(Rate, Beta1, Beta2, Epsilon);
}

/// <summary>Adam, with bias correction.</summary>
/// <remarks>
/// Update   m ← m + (1 − β₁)(g − m);  v ← β₂·v + (1 − β₂)·g²;
///          w ← w − η/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε),  t = 1, 2, …
/// State    m and v, 8 bytes a parameter
/// Defaults η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸: the paper's
/// Source   Kingma and Ba, ICLR 2015, algorithm 1; ε is added after the correction of v, as in PyTorch
/// </remarks>
internal sealed unsafe class Adam(double rate, double beta1, double beta2, double epsilon) : Optimizer
{
    public override int OptimizerStatePerParameter => 2;

    protected override int Sweep<TLanes, TVector>(float* w, float* next, float* sum, float* m, float* v, int start, int end, in UpdateRule rule)
    {
        Regularizer<TLanes, TVector> penalty = new(rule);
        TVector step = TLanes.Broadcast((float)(-rate * rule.RateFactor / (1 - Power(beta1, rule.Step + 1))));
        TVector correction = TLanes.Broadcast((float)(1 / Math.Sqrt(1 - Power(beta2, rule.Step + 1))));
        TVector oneLess1 = TLanes.Broadcast((float)(1 - beta1)), oneLess2 = TLanes.Broadcast((float)(1 - beta2));
        TVector decay2 = TLanes.Broadcast((float)beta2), small = TLanes.Broadcast((float)epsilon);
        int i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
        {
            TVector weight = TLanes.Load(w + i), mean = TLanes.Load(m + i);
            TVector g = penalty.Gradient(TLanes.Load(sum + i), weight);
            mean = TLanes.Fma(oneLess1, TLanes.Subtract(g, mean), mean);
            TVector square = TLanes.Fma(TLanes.Multiply(oneLess2, g), g, TLanes.Multiply(decay2, TLanes.Load(v + i)));
            TLanes.Store(m + i, mean);
            TLanes.Store(v + i, square);
            TVector root = TLanes.Fma(TLanes.Sqrt(square), correction, small);
            TLanes.Store(next + i, TLanes.Fma(step, TLanes.Divide(mean, root), weight));
        }
        return i;
    }

    /// <summary>bᵉ by repeated squaring: the same bits on every processor, unlike a library's power function.</summary>
    internal static double Power(double b, long e)
    {
        double power = 1;
        for (; e > 0; e >>= 1, b *= b)
            if ((e & 1) != 0) power *= b;
        return power;
    }
}
