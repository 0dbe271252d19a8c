namespace Cluster.Ml.Linear.QuasiNewton;

/// <summary>L-BFGS with backtracking, one evaluation of the objective a call; with an L1 penalty OWL-QN.</summary>
/// <param name="length">Parameters, n.</param>
/// <remarks>
/// Objective    F(b) + λ₁ Σ |bᵢ| over the penalised i
/// Equation     d = −H·g by the two-loop recursion over the last <see cref="Pairs"/> pairs s = Δb, y = Δ∇F, of those with sᵀy &gt; 0; b + t·d for
///              t = 1, ½, ¼, … until the objective is at most that before + 10⁻⁴·gᵀ(Δb). With λ₁ &gt; 0, g is the pseudo-gradient, d loses what points
///              against −g, and a parameter that would change its sign becomes 0
/// Shapes       held [accepted b, its gradient, direction [n] each; s and y [Pairs, n]; step length, objective, pairs so far, calls so far]
/// Determinism  scalar products in one fixed order
/// Source       Nocedal and Wright, Numerical Optimization (2006), algorithms 7.4 and 3.1; Andrew and Gao, "Scalable Training of L1-Regularized
///              Log-Linear Models", ICML 2007, § 3.2
/// </remarks>
internal sealed class LimitedMemory(int length)
{
    /// <summary>Pairs remembered: scikit-learn's number.</summary>
    public const int Pairs = 10;

    private const double SufficientDecrease = 1e-4, ShortestStep = 1e-12, Rounding = 1e-14;

    private const int Tail = 4;

    /// <summary>Numbers that are kept from call to call; all 0 at first.</summary>
    public int HeldLength => ((3 + (2 * Pairs)) * length) + Tail;

    /// <summary>Judges a point and moves to the next one.</summary>
    /// <param name="model">[n], the point that objective and gradient are of; changed.</param>
    /// <param name="gradient">∇F, [n].</param>
    /// <param name="objective">With the L1 penalty.</param>
    /// <param name="penalties">λ₁ of each parameter, [n]; empty for none.</param>
    /// <param name="held">[HeldLength], changed.</param>
    /// <param name="tolerance">Half of gᵀHg, the gain to be had, in terms of the objective, at which it is at its end.</param>
    /// <returns>Whether the model is the minimum.</returns>
    public bool Next(Span<double> model, ReadOnlySpan<double> gradient, double objective, ReadOnlySpan<double> penalties, Span<double> held, double tolerance)
    {
        Memory memory = new(held, length);
        var slope = new double[length];
        if (memory.Calls++ > 0 && !IsLower(model, objective, penalties, memory, slope))
        {
            memory.Step /= 2;
            memory.Accepted.CopyTo(model);
            if (memory.Step < ShortestStep) return true;        // no point near is lower: it is the minimum
            Take(model, penalties, memory, slope);
            return false;
        }
        if (memory.Calls > 1) Remember(model, gradient, memory);
        model.CopyTo(memory.Accepted);
        gradient.CopyTo(memory.Gradient);
        memory.Objective = objective;
        Slope(memory, penalties, slope);
        double gain = -Direct(memory, penalties, slope);
        if (gain / 2 <= tolerance * Math.Abs(objective) && (memory.Count > 0 || gain == 0)) return true;
        memory.Step = memory.Count > 0 ? 1 : 1 / Math.Max(1, Math.Sqrt(DoubleVectors.Dot(slope, slope)));
        Take(model, penalties, memory, slope);
        return false;
    }

    private static bool IsLower(ReadOnlySpan<double> model, double objective, ReadOnlySpan<double> penalties, Memory memory, Span<double> slope)
    {
        Slope(memory, penalties, slope);
        double expected = 0;
        for (int i = 0; i < slope.Length; i++) expected += slope[i] * (model[i] - memory.Accepted[i]);
        return objective <= memory.Objective + (SufficientDecrease * expected) + (Rounding * Math.Abs(memory.Objective));
    }

    /// <summary>The gradient at the accepted point; with an L1 penalty the one of its one-sided derivatives that descends, or 0.</summary>
    private static void Slope(Memory memory, ReadOnlySpan<double> penalties, Span<double> slope)
    {
        memory.Gradient.CopyTo(slope);
        for (int i = 0; i < penalties.Length; i++)
        {
            double b = memory.Accepted[i], up = slope[i] + penalties[i], down = slope[i] - penalties[i];
            slope[i] = b > 0 ? up : b < 0 ? down : up < 0 ? up : down > 0 ? down : 0;
        }
    }

    /// <summary>Writes the direction; its product with the slope, at most 0.</summary>
    private double Direct(Memory memory, ReadOnlySpan<double> penalties, ReadOnlySpan<double> slope)
    {
        Span<double> direction = memory.Direction;
        for (int i = 0; i < length; i++) direction[i] = -slope[i];
        Recur(memory, direction);
        for (int i = 0; i < penalties.Length; i++)
            if (direction[i] * slope[i] >= 0) direction[i] = 0;
        double along = DoubleVectors.Dot(direction, slope);
        if (along < 0) return along;
        memory.Count = 0;                                       // not a descent, by rounding: begin anew down the gradient
        for (int i = 0; i < length; i++) direction[i] = -slope[i];
        return DoubleVectors.Dot(direction, slope);
    }

    // Nocedal and Wright, algorithm 7.4, from the newest pair to the oldest and back.
    private static void Recur(Memory memory, Span<double> direction)
    {
        Span<double> weights = stackalloc double[Pairs];
        int count = (int)Math.Min(memory.Count, Pairs);
        if (count == 0) return;
        for (int back = 1; back <= count; back++)
        {
            int at = (int)((memory.Count - back) % Pairs);
            weights[at] = DoubleVectors.Dot(memory.S(at), direction) / DoubleVectors.Dot(memory.S(at), memory.Y(at));
            DoubleVectors.AddScaled(-weights[at], memory.Y(at), direction);
        }
        int newest = (int)((memory.Count - 1) % Pairs);
        double scale = DoubleVectors.Dot(memory.S(newest), memory.Y(newest)) / DoubleVectors.Dot(memory.Y(newest), memory.Y(newest));
        foreach (ref double number in direction) number *= scale;
        for (int back = count; back >= 1; back--)
        {
            int at = (int)((memory.Count - back) % Pairs);
            double weight = weights[at] - (DoubleVectors.Dot(memory.Y(at), direction) / DoubleVectors.Dot(memory.S(at), memory.Y(at)));
            DoubleVectors.AddScaled(weight, memory.S(at), direction);
        }
    }

    private static void Take(Span<double> model, ReadOnlySpan<double> penalties, Memory memory, ReadOnlySpan<double> slope)
    {
        DoubleVectors.AddScaled(memory.Step, memory.Direction, model);
        for (int i = 0; i < penalties.Length; i++)
        {
            double side = memory.Accepted[i] != 0 ? memory.Accepted[i] : -slope[i];
            if (penalties[i] > 0 && model[i] * side <= 0) model[i] = 0;
        }
    }

    private void Remember(ReadOnlySpan<double> model, ReadOnlySpan<double> gradient, Memory memory)
    {
        int at = (int)(memory.Count % Pairs);
        double[] s = new double[length], y = new double[length];
        for (int i = 0; i < length; i++) (s[i], y[i]) = (model[i] - memory.Accepted[i], gradient[i] - memory.Gradient[i]);
        if (!(DoubleVectors.Dot(s, y) > Rounding * DoubleVectors.Dot(y, y))) return;
        s.CopyTo(memory.S(at));
        y.CopyTo(memory.Y(at));
        memory.Count++;
    }

    private readonly ref struct Memory(Span<double> held, int length)
    {
        private readonly Span<double> _held = held;

        public Span<double> Accepted => _held[..length];

        public Span<double> Gradient => _held.Slice(length, length);

        public Span<double> Direction => _held.Slice(2 * length, length);

        public ref double Step => ref _held[^1];

        public ref double Objective => ref _held[^2];

        public ref double Count => ref _held[^3];

        public ref double Calls => ref _held[^4];

        public Span<double> S(int at) => _held.Slice((3 + at) * length, length);

        public Span<double> Y(int at) => _held.Slice((3 + Pairs + at) * length, length);
    }
}
