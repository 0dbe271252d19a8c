using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>What a job says about stochastic gradient descent.</summary>
public sealed record SgdOptions : OptimizerSpec
{
    /// <summary>Its name.</summary>
    public const string Name = "sgd";

    internal static readonly NamedChoice Declared = new(Name, "steps down the gradient, with momentum where asked for", new KeySet<SgdOptions>(new())
        .Number("rate", "Learning rate.", o => o.Rate, (o, value) => o with { Rate = value }, NumberRange.Positive)
        .Number("momentum", "Share of the last step that is taken again.", o => o.Momentum, (o, value) => o with { Momentum = value }, NumberRange.Decay)
        .Flag("nesterov", "Whether the gradient is taken where the momentum leads.", o => o.Nesterov, (o, value) => o with { Nesterov = value })
        .Check((map, o) =>
        {
            if (o is { Nesterov: true, Momentum: 0 }) map.Error("nesterov", "absent without momentum", "true", "add momentum: 0.9, or remove nesterov");
        }));

    /// <summary>Learning rate.</summary>
    public double Rate { get; init; } = 0.1;

    /// <summary>Momentum in [0, 1).</summary>
    public double Momentum { get; init; }

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov { get; init; }


    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override string? State => Momentum == 0 ? null : "momentum";

    /// <inheritdoc/>
    public override bool MayBeAveraged => true;

    internal override Optimizer Create() => new Sgd(Rate, Momentum, Nesterov);
}

/// <summary>Stochastic gradient descent with momentum.</summary>
/// <remarks>
/// Update   v ← μ·v + g;  w ← w − η·v, or with Nesterov's momentum w ← w − η·(g + μ·v)
/// State    v, 4 bytes a parameter; none if μ = 0
/// Defaults μ = 0
/// Source   Sutskever et al., ICML 2013, in the form that PyTorch's SGD has (no dampening)
/// Differs  from the paper in that the rate multiplies v and not g, which matters only if the rate changes
/// </remarks>
internal sealed unsafe class Sgd(double rate, double momentum, bool nesterov = false) : Optimizer
{
    public override int OptimizerStatePerParameter => momentum == 0 ? 0 : 1;

    protected override int Sweep<TLanes, TVector>(float* w, float* next, float* sum, float* v, float* second, int start, int end, in UpdateRule rule)
    {
        Regularizer<TLanes, TVector> penalty = new(rule);
        TVector negativeRate = TLanes.Broadcast((float)(-rate * rule.RateFactor)), mu = TLanes.Broadcast((float)momentum);
        int i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
        {
            TVector weight = TLanes.Load(w + i);
            TVector step = penalty.Gradient(TLanes.Load(sum + i), weight);
            if (v != null)
            {
                TVector gradient = step;
                step = TLanes.Fma(mu, TLanes.Load(v + i), step);
                TLanes.Store(v + i, step);
                if (nesterov) step = TLanes.Fma(mu, step, gradient);
            }
            TLanes.Store(next + i, TLanes.Fma(negativeRate, step, weight));
        }
        return i;
    }
}
