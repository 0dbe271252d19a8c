using Cluster.Ml.Randomness;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>HopSkipJump: walks along the boundary towards the row. It asks for the class alone.</summary>
/// <remarks>
/// Equation      u_b on the unit sphere, φ_b = ±1 as x + δ·u_b is misclassified or not;  v = Σ (φ_b − mean φ)·u_b;
///               x ← boundary between the row and x + ξ·v/‖v‖,  ξ = ‖x − row‖/√t, halved until misclassified;
///               δ = √d·θ·‖x − row‖, θ = d^(−3/2), and a tenth of the widest range in the first step;  B_t = B₀·√t
/// Threat model  evasion, untargeted; black box: classes, so many queries a row
/// Determinism   keyed by (seed, row, step)
/// Source        Chen, Jordan, Wainwright, "HopSkipJumpAttack", IEEE S&amp;P 2020, algorithm 2
/// </remarks>
internal sealed class HopSkipJump : EvasionAttack
{
    private const int StepsUsual = 20, FirstQueries = 40, QueriesMax = 400, Starts = 200, Halvings = 20;

    public override string Name => "decision";

    public override string Meaning => "HopSkipJump: a walk along the boundary, asking for classes alone";

    public override string ThreatModel => "Black box: the attacker sees the class alone, asks many times a row, and looks for the least change; with epsilon, changes beyond it do not count.";

    public override string Source => "Chen, Jordan and Wainwright, IEEE S&P 2020";

    public override IReadOnlyList<string> Flags => ["epsilon", "steps"];

    internal override IReadOnlyList<Norm> Norms => [Norm.L2];

    internal override bool WhiteBox => false;

    internal override bool Minimizes => true;

    internal override void Attack(AttackedModel model, AttackedRows rows, AttackSettings settings, Span<float> adversarial)
    {
        for (int row = 0; row < rows.Count; row++)
            new Walk(model, rows, row, settings.Seed).Run(settings.Steps ?? StepsUsual, adversarial.Slice(row * rows.Columns, rows.Columns));
    }

    private sealed class Walk(AttackedModel model, AttackedRows rows, int row, ulong seed)
    {
        private readonly int _columns = rows.Columns, _label = rows.Labels[row];
        private readonly float[] _row = rows.Row(row).ToArray();
        private readonly int[] _said = new int[Math.Max(QueriesMax, Starts)];

        public void Run(int steps, Span<float> adversarial)
        {
            if (Begin() is not { } x) return;
            x = Bisect(x);
            for (int step = 1; step <= steps; step++)
            {
                double distance = NormBall.Distance(Norm.L2, x, _row), theta = 1 / (Math.Sqrt(_columns) * _columns);
                double delta = step == 1 ? 0.1 * Widest() : Math.Sqrt(_columns) * theta * distance;
                float[] direction = Direction(x, delta, Math.Min(QueriesMax, (int)(FirstQueries * Math.Sqrt(step))), step);
                double size = distance / Math.Sqrt(step);
                float[]? moved = null;
                for (int halving = 0; halving < Halvings && moved is null; halving++, size /= 2)
                {
                    float[] tried = (float[])x.Clone();
                    NormBall.Step(Norm.L2, direction, size, tried);
                    Clamp(tried);
                    if (IsWrong(tried)) moved = tried;
                }
                if (moved is null) continue;
                moved = Bisect(moved);
                if (NormBall.Distance(Norm.L2, moved, _row) < distance) x = moved;
            }
            x.CopyTo(adversarial);
        }

        /// <summary>A random row that is told as another class.</summary>
        private float[]? Begin()
        {
            float[] tried = new float[Starts * _columns];
            RandomStream random = RandomStream.At(seed, RandomPurpose.Attack, rows.Ids[row], 0);
            for (int i = 0; i < tried.Length; i++)
                tried[i] = (float)(model.Low[i % _columns] + (random.NextDouble() * ((double)model.High[i % _columns] - model.Low[i % _columns])));
            model.Predict(tried, _said);
            int found = Array.FindIndex(_said, 0, Starts, said => said != _label);
            return found < 0 ? null : tried[(found * _columns)..((found + 1) * _columns)];
        }

        /// <summary>The point nearest to the row on the line to it that is still misclassified.</summary>
        private float[] Bisect(float[] far)
        {
            double near = 0, away = 1;
            float[] best = far;
            for (int halving = 0; halving < Halvings; halving++)
            {
                double middle = (near + away) / 2;
                float[] tried = new float[_columns];
                for (int c = 0; c < _columns; c++) tried[c] = (float)(_row[c] + (middle * ((double)far[c] - _row[c])));
                Clamp(tried);
                if (IsWrong(tried)) (away, best) = (middle, tried);
                else near = middle;
            }
            return best;
        }

        private float[] Direction(float[] x, double delta, int queries, int step)
        {
            float[] tried = new float[queries * _columns];
            RandomStream random = RandomStream.At(seed, RandomPurpose.Attack, rows.Ids[row], step);
            float[] unit = new float[_columns];
            for (int q = 0; q < queries; q++)
            {
                for (int c = 0; c < _columns; c++) unit[c] = (float)random.NextGaussian();
                Span<float> one = tried.AsSpan(q * _columns, _columns);
                x.CopyTo(one);
                NormBall.Step(Norm.L2, unit, delta, one);
                Clamp(one);
            }
            model.Predict(tried, _said);
            double mean = 0;
            for (int q = 0; q < queries; q++) mean += (_said[q] != _label ? 1.0 : -1.0) / queries;
            bool allAlike = Math.Abs(mean) == 1;
            double[] sum = new double[_columns];
            for (int q = 0; q < queries; q++)
            {
                double weight = (_said[q] != _label ? 1 : -1) - (allAlike ? 0 : mean);
                for (int c = 0; c < _columns; c++) sum[c] += weight * ((double)tried[(q * _columns) + c] - x[c]);
            }
            return [.. sum.Select(value => (float)value)];
        }

        private bool IsWrong(float[] x)
        {
            Span<int> said = stackalloc int[1];
            model.Predict(x, said);
            return said[0] != _label;
        }

        private double Widest()
        {
            double widest = 0;
            for (int c = 0; c < _columns; c++) widest = Math.Max(widest, (double)model.High[c] - model.Low[c]);
            return widest;
        }

        private void Clamp(Span<float> x)
        {
            for (int c = 0; c < x.Length; c++) x[c] = Math.Clamp(x[c], Math.Min(_row[c], model.Low[c]), Math.Max(_row[c], model.High[c]));
        }
    }
}
