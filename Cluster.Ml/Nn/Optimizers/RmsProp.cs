using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>What a job says about RMSProp.</summary>
public sealed record RmsPropOptions : OptimizerSpec
{
    /// <summary>Its name.</summary>
    public const string Name = "rmsprop";

    internal static readonly NamedChoice Declared = new(Name, "steps divided by the root of a running mean of squared gradients", new KeySet<RmsPropOptions>(new())
        .Number("rate", "Learning rate.", o => o.Rate, (o, value) => o with { Rate = value }, NumberRange.Positive, source: "PyTorch")
        .Number("decay", "Decay of the mean of squares.", o => o.Decay, (o, value) => o with { Decay = value }, NumberRange.Decay, source: "PyTorch")
        .Number("epsilon", "Added to the root of that mean.", o => o.Epsilon, (o, value) => o with { Epsilon = value }, NumberRange.Positive, source: "PyTorch")
        .Number("momentum", "Share of the last step that is taken again.", o => o.Momentum, (o, value) => o with { Momentum = value }, NumberRange.Decay, source: "PyTorch"));

    /// <summary>Learning rate.</summary>
    public double Rate { get; init; } = 0.01;

    /// <summary>Decay of the running mean of squares.</summary>
    public double Decay { get; init; } = 0.99;

    /// <summary>Added to the root of that mean.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Momentum in [0, 1).</summary>
    public double Momentum { get; init; }


    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override string? State => "means of squares";

    internal override Optimizer Create() => new RmsProp(Rate, Decay, Epsilon, Momentum);
}

/// <summary>RMSProp: steps divided by the root of a running mean of squared gradients.</summary>
/// <remarks>
/// Update   v ← α·v + (1 − α)·g²;  d = g / (√v + ε);  u ← μ·u + d;  w ← w − η·u
/// State    v, and u if μ ≠ 0: 4 or 8 bytes a parameter
/// Defaults η = 0.01, α = 0.99, ε = 10⁻⁸, μ = 0: PyTorch's
/// Source   Tieleman and Hinton, "Lecture 6.5 — RMSProp" (2012); ε is added outside the root, as in PyTorch; not centred
/// </remarks>
internal sealed unsafe class RmsProp(double rate, double decay, double epsilon, double momentum) : Optimizer
{
    public override int OptimizerStatePerParameter => momentum == 0 ? 1 : 2;

    protected override int Sweep<TLanes, TVector>(float* w, float* next, float* sum, float* v, float* u, int start, int end, in UpdateRule rule)
    {
        Regularizer<TLanes, TVector> penalty = new(rule);
        TVector negativeRate = TLanes.Broadcast((float)(-rate * rule.RateFactor)), mu = TLanes.Broadcast((float)momentum);
        TVector alpha = TLanes.Broadcast((float)decay), oneLess = TLanes.Broadcast((float)(1 - decay)), small = TLanes.Broadcast((float)epsilon);
        int i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
        {
            TVector weight = TLanes.Load(w + i), g = penalty.Gradient(TLanes.Load(sum + i), weight);
            TVector square = TLanes.Fma(TLanes.Multiply(oneLess, g), g, TLanes.Multiply(alpha, TLanes.Load(v + i)));
            TLanes.Store(v + i, square);
            TVector step = TLanes.Divide(g, TLanes.Add(TLanes.Sqrt(square), small));
            if (u != null)
            {
                step = TLanes.Fma(mu, TLanes.Load(u + i), step);
                TLanes.Store(u + i, step);
            }
            TLanes.Store(next + i, TLanes.Fma(negativeRate, step, weight));
        }
        return i;
    }
}
