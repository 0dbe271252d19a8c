using Cluster.Ml.Randomness;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>HopSkipJump: walks along the boundary towards the row. It asks for the class alone.</summary>
/// <remarks>
/// Equation      u_b on the unit sphere, φ_b = ±1 as x + δ·u_b is misclassified or not;  v = Σ (φ_b − mean φ)·u_b;
///               x ← boundary between the row and x + ξ·d,  ξ = D/√t, halved until misclassified, D the distance to the row;
///               l2: d = v/‖v‖, δ = √c·θ·D, θ = c^(−3/2), and the boundary is looked for on the line to the row;
///               l∞: d = sign v, δ = c·θ·D, θ = c^(−2), and by clamping changes;  c columns;
///               δ of the first step is a tenth of the widest range;  B_t = B₀·√t
/// Threat model  evasion, untargeted; black box: classes, so many queries a row
/// Determinism   keyed by (seed, row, query)
/// Source        Chen, Jordan, Wainwright, "HopSkipJumpAttack", IEEE S&amp;P 2020, algorithms 1 and 2
/// Differs       from the paper in B₀ = 40 and at most 400, and in the boundary, which 20 halvings find
/// </remarks>
internal sealed class HopSkipJump : EvasionAttack
{
    private const int StepsUsual = 20, FirstQueries = 40, QueriesMax = 400, StartsMax = 200, StartsAtOnce = 10, Halvings = 20;

    /// <summary>Fewer directions than this are no estimate.</summary>
    private const int LeastQueries = 8;

    public override string Name => "decision";

    public override string Meaning => "HopSkipJump: a walk along the boundary, asking for classes alone";

    public override string ThreatModel => "Black box: the attacker sees the class alone, asks many times a row, and looks for the least change; with epsilon, changes beyond it do not count.";

    public override string Source => "Chen, Jordan and Wainwright, IEEE S&P 2020";

    public override IReadOnlyList<string> Flags => ["epsilon", "norm", "steps", "queries"];

    internal override IReadOnlyList<Norm> Norms => [Norm.L2, Norm.Linf];

    internal override bool WhiteBox => false;

    internal override bool Minimizes => true;

    internal override void Attack(AttackedModel model, AttackedRows rows, AttackSettings settings, Span<float> adversarial)
    {
        for (int row = 0; row < rows.Count; row++)
            new Walk(model, rows, row, settings).Run(settings.Steps ?? StepsUsual, adversarial.Slice(row * rows.Columns, rows.Columns));
    }

    private sealed class Walk(AttackedModel model, AttackedRows rows, int row, AttackSettings settings)
    {
        private readonly int _columns = rows.Columns, _label = rows.Labels[row];
        private readonly Norm _norm = settings.Norm!.Value;
        private readonly float[] _row = rows.Row(row).ToArray();
        private readonly int[] _said = new int[QueriesMax];
        private int _asked;

        /// <summary>Queries that are left.</summary>
        private int Left => (settings.Queries ?? int.MaxValue) - _asked;

        public void Run(int steps, Span<float> adversarial)
        {
            if (Begin() is not { } x) return;
            x = Bisect(x);
            for (int step = 1; step <= steps && Left > LeastQueries; step++)
            {
                double distance = NormBall.Distance(_norm, x, _row);
                int queries = Math.Min(Math.Min(QueriesMax, (int)(FirstQueries * Math.Sqrt(step))), Left - 1);
                float[] direction = Direction(x, step == 1 ? 0.1 * Widest() : RadiusAt(distance), queries);
                if (Jump(x, direction, distance / Math.Sqrt(step)) is not { } far) continue;
                float[] moved = Bisect(far);
                if (NormBall.Distance(_norm, moved, _row) < distance) x = moved;
            }
            x.CopyTo(adversarial);
        }

        /// <summary>δ = √c·θ·D of l2 and c·θ·D of l∞: with the paper's θ both are D/c.</summary>
        private double RadiusAt(double distance) => distance / _columns;

        /// <summary>A random row that is told as another class.</summary>
        private float[]? Begin()
        {
            for (int first = 0; first < StartsMax && Left > 0; first += StartsAtOnce)
            {
                int some = Math.Min(StartsAtOnce, Left);
                float[] tried = new float[some * _columns];
                for (int start = 0; start < some; start++)
                {
                    RandomStream random = Random(start);
                    for (int c = 0; c < _columns; c++)
                        tried[(start * _columns) + c] = (float)(model.Low[c] + (random.NextDouble() * ((double)model.High[c] - model.Low[c])));
                }
                Ask(tried);
                int found = Array.FindIndex(_said, 0, some, said => said != _label);
                if (found >= 0) return tried[(found * _columns)..((found + 1) * _columns)];
            }
            return null;
        }

        /// <summary>The point nearest to the row, of those between it and one that is misclassified, that is still misclassified.</summary>
        private float[] Bisect(float[] far)
        {
            double near = 0, away = 1, distance = NormBall.Distance(_norm, far, _row);
            float[] best = far;
            for (int halving = 0; halving < Halvings && Left > 0; halving++)
            {
                double middle = (near + away) / 2;
                float[] tried = new float[_columns];
                for (int c = 0; c < _columns; c++)
                {
                    double change = (double)far[c] - _row[c];
                    tried[c] = (float)(_row[c] + (_norm == Norm.L2 ? middle * change : Math.Clamp(change, -middle * distance, middle * distance)));
                }
                Clamp(tried);
                if (IsWrong(tried)) (away, best) = (middle, tried);
                else near = middle;
            }
            return best;
        }

        /// <summary>A misclassified point in the direction, as far as it can be; null if there is none.</summary>
        private float[]? Jump(float[] x, float[] direction, double size)
        {
            for (int halving = 0; halving < Halvings && Left > 0; halving++, size /= 2)
            {
                float[] tried = (float[])x.Clone();
                NormBall.Step(_norm, direction, size, tried);
                Clamp(tried);
                if (IsWrong(tried)) return tried;
            }
            return null;
        }

        /// <summary>v: where more of the points around x are misclassified.</summary>
        private float[] Direction(float[] x, double delta, int queries)
        {
            float[] tried = new float[queries * _columns], unit = new float[_columns];
            for (int query = 0; query < queries; query++)
            {
                RandomStream random = Random(query);
                for (int c = 0; c < _columns; c++) unit[c] = (float)random.NextGaussian();
                Span<float> one = tried.AsSpan(query * _columns, _columns);
                x.CopyTo(one);
                NormBall.Step(Norm.L2, unit, delta, one);
                Clamp(one);
            }
            Ask(tried);
            double mean = 0;
            for (int query = 0; query < queries; query++) mean += (_said[query] != _label ? 1.0 : -1.0) / queries;
            bool allAlike = Math.Abs(mean) == 1;
            double[] sum = new double[_columns];
            for (int query = 0; query < queries; query++)
            {
                double weight = (_said[query] != _label ? 1 : -1) - (allAlike ? 0 : mean);
                for (int c = 0; c < _columns; c++) sum[c] += weight * ((double)tried[(query * _columns) + c] - x[c]);
            }
            return [.. sum.Select(value => (float)value)];
        }

        private bool IsWrong(float[] x)
        {
            Ask(x);
            return _said[0] != _label;
        }

        private void Ask(float[] x)
        {
            model.Predict(x, _said);
            _asked += x.Length / _columns;
        }

        /// <summary>What the query after so many others draws from.</summary>
        private RandomStream Random(int after) => RandomStream.At(settings.Seed, RandomPurpose.Attack, rows.Ids[row], _asked + after);

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
