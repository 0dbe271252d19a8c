using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>What a job says about Adadelta.</summary>
public sealed record AdadeltaOptions : OptimizerSpec
{
    /// <summary>Its name.</summary>
    public const string Name = "adadelta";

    internal static readonly NamedChoice Declared = new(Name, "steps in the units of the parameters, by the ratio of two running means of squares", new KeySet<AdadeltaOptions>(new())
        .Number("rate", "Learning rate.", o => o.Rate, (o, value) => o with { Rate = value }, NumberRange.Positive, source: "Zeiler, 2012, has none")
        .Number("decay", "Decay of both means.", o => o.Decay, (o, value) => o with { Decay = value }, NumberRange.Decay, source: "PyTorch")
        .Number("epsilon", "Added under both roots.", o => o.Epsilon, (o, value) => o with { Epsilon = value }, NumberRange.Positive, source: "PyTorch"));

    /// <summary>Learning rate.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>Decay of both running means.</summary>
    public double Decay { get; init; } = 0.9;

    /// <summary>Added under both roots.</summary>
    public double Epsilon { get; init; } = 1e-6;


    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override string? State => "means of squares";

    internal override Optimizer Create() => new Adadelta(Rate, Decay, Epsilon);
}

/// <summary>Adadelta: steps in the units of the parameters, by the ratio of two running means of squares.</summary>
/// <remarks>
/// Update   v ← ρ·v + (1 − ρ)·g²;  d = √(u + ε) / √(v + ε) · g;  u ← ρ·u + (1 − ρ)·d²;  w ← w − η·d
/// State    v and u, 8 bytes a parameter
/// Defaults η = 1, ρ = 0.9, ε = 10⁻⁶: PyTorch's
/// Source   Zeiler, "ADADELTA: An Adaptive Learning Rate Method" (2012), algorithm 1
/// Differs  from the paper in the rate η, which is 1 there
/// </remarks>
internal sealed unsafe class Adadelta(double rate, double decay, double epsilon) : Optimizer
{
    public override int OptimizerStatePerParameter => 2;

    protected override int Sweep<TLanes, TVector>(float* w, float* next, float* sum, float* v, float* u, int start, int end, in UpdateRule rule)
    {
        Regularizer<TLanes, TVector> penalty = new(rule);
        TVector negativeRate = TLanes.Broadcast((float)(-rate * rule.RateFactor));
        TVector rho = TLanes.Broadcast((float)decay), oneLess = TLanes.Broadcast((float)(1 - decay)), small = TLanes.Broadcast((float)epsilon);
        int i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
        {
            TVector weight = TLanes.Load(w + i), change = TLanes.Load(u + i), g = penalty.Gradient(TLanes.Load(sum + i), weight);
            TVector square = TLanes.Fma(TLanes.Multiply(oneLess, g), g, TLanes.Multiply(rho, TLanes.Load(v + i)));
            TVector step = TLanes.Multiply(TLanes.Divide(TLanes.Sqrt(TLanes.Add(change, small)), TLanes.Sqrt(TLanes.Add(square, small))), g);
            TLanes.Store(v + i, square);
            TLanes.Store(u + i, TLanes.Fma(TLanes.Multiply(oneLess, step), step, TLanes.Multiply(rho, change)));
            TLanes.Store(next + i, TLanes.Fma(negativeRate, step, weight));
        }
        return i;
    }
}
