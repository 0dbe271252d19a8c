using Cluster.Ml.Numerics;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>AutoPGD: projected gradient steps with momentum whose size follows from what they gain, on one of two losses.</summary>
/// <remarks>
/// Equation      z = Π(x_k + η·d_k);  x_{k+1} = Π(x_k + 0.75·(z − x_k) + 0.25·(x_k − x_{k−1})), d the sign of the gradient, or g/‖g‖ of l2;  η = 2ε, halved
///               at a checkpoint, from the best point, where fewer than 0.75 of the steps raised the loss, or neither η nor the greatest loss
///               has changed since the last
/// Threat model  evasion, untargeted; white box: steps × restarts gradients a row, until it is misclassified
/// Determinism   the start is keyed by (seed, row, restart)
/// Source        Croce, Hein, "Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse Parameter-free Attacks", ICML 2020,
///               algorithm 1 and § 4.1
/// </remarks>
/// <param name="loss">Which loss is raised.</param>
internal sealed class AutoPgd(AutoPgd.RaisedLoss loss) : RestartedAttack
{
    private const int StepsUsual = 100;
    private const double Gain = 0.75, Ahead = 0.75;

    /// <summary>Cross-entropy.</summary>
    public static readonly RaisedLoss CrossEntropy = new("apgd", "cross-entropy", LogitGradients.CrossEntropy);

    /// <summary>The difference-of-logits ratio.</summary>
    public static readonly RaisedLoss LogitRatio = new("apgd-dlr", "the difference-of-logits ratio", LogitGradients.LogitRatio);

    /// <summary>Returns a loss and writes its gradient by the logits.</summary>
    internal delegate double LossOf(ReadOnlySpan<float> logits, int label, Span<float> gradient);

    public override string Name => loss.Name;

    public override string Meaning => $"AutoPGD on {loss.Of}: steps whose size follows from what they gain";

    public override string ThreatModel => "White box: the attacker knows the model, takes as many gradients a row as steps and restarts, and moves each row by at most epsilon.";

    public override string Source => "Croce and Hein, ICML 2020";

    protected override void Descend(AttackedModel model, AttackedRows rows, AttackSettings settings, float[] x)
    {
        int steps = settings.Steps ?? StepsUsual;
        HashSet<int> checkpoints = [.. CheckpointsOf(steps)];
        Search search = new(model, rows, settings, x);
        for (int step = 0; step <= steps && search.Look(loss.LossOf); step++)
        {
            if (checkpoints.Contains(step)) search.Check();
            if (step < steps) search.Move(step == 0);
        }
    }

    /// <summary>w_j = ⌈p_j·steps⌉, p = 0, 0.22, then p_j + max(p_j − p_{j−1} − 0.03, 0.06).</summary>
    internal static IEnumerable<int> CheckpointsOf(int steps)
    {
        for (double before = 0, share = 0.22; share <= 1; (before, share) = (share, share + Math.Max(share - before - 0.03, 0.06)))
            yield return (int)Math.Ceiling((share * steps) - 1e-9);
    }

    /// <summary>A loss that the attack can raise.</summary>
    /// <param name="Name">The attack's name.</param>
    /// <param name="Of">What it is.</param>
    /// <param name="LossOf">Its value and gradient.</param>
    internal sealed record RaisedLoss(string Name, string Of, LossOf LossOf);

    /// <summary>Where the rows of one search are.</summary>
    private sealed class Search
    {
        private readonly AttackedModel _model;
        private readonly AttackedRows _rows;
        private readonly Norm _norm;
        private readonly double _epsilon;
        private readonly float[] _x, _before, _best, _gradients, _bestGradients;
        private readonly double[] _size, _loss, _bestLoss, _checkedLoss;
        private readonly int[] _gained;
        private readonly bool[] _done, _halved;
        private int _moves;

        public Search(AttackedModel model, AttackedRows rows, AttackSettings settings, float[] x)
        {
            (_model, _rows, _norm, _epsilon, _x) = (model, rows, settings.Norm!.Value, settings.Epsilon!.Value, x);
            (_before, _best, _gradients, _bestGradients) = ((float[])x.Clone(), (float[])x.Clone(), new float[x.Length], new float[x.Length]);
            int count = rows.Count;
            (_size, _loss, _bestLoss, _checkedLoss) = (Filled(count, 2 * _epsilon), new double[count], Filled(count, double.NegativeInfinity), Filled(count, double.NegativeInfinity));
            (_gained, _done, _halved) = (new int[count], new bool[count], new bool[count]);
        }

        /// <summary>Takes losses and gradients where the rows are, and keeps the best of each.</summary>
        /// <returns>Whether a row is left that is told rightly.</returns>
        public bool Look(LossOf lossOf)
        {
            double[] last = (double[])_loss.Clone();
            _model.GradientsOf(_x, (row, logits, gradient) =>
            {
                _loss[row] = lossOf(logits, _rows.Labels[row], gradient);
                _done[row] |= Reductions.IndexOfMax(logits) != _rows.Labels[row];
            }, _gradients);
            for (int row = 0; row < _rows.Count; row++)
            {
                if (_done[row]) continue;
                if (_moves > 0 && _loss[row] > last[row]) _gained[row]++;
                if (_loss[row] <= _bestLoss[row]) continue;
                _bestLoss[row] = _loss[row];
                Of(_x, row).CopyTo(Of(_best, row));
                Of(_gradients, row).CopyTo(Of(_bestGradients, row));
            }
            return _done.Contains(false);
        }

        /// <summary>Halves the steps of rows that no longer gain, and sets them back to the best that they have seen.</summary>
        public void Check()
        {
            for (int row = 0; row < _rows.Count; row++)
            {
                bool stuck = !_halved[row] && _bestLoss[row] == _checkedLoss[row];
                _halved[row] = _gained[row] < Gain * _moves || stuck;
                (_gained[row], _checkedLoss[row]) = (0, _bestLoss[row]);
                if (!_halved[row] || _done[row]) continue;
                _size[row] /= 2;
                Of(_best, row).CopyTo(Of(_x, row));
                Of(_bestGradients, row).CopyTo(Of(_gradients, row));
                _loss[row] = _bestLoss[row];
            }
            _moves = 0;
        }

        public void Move(bool first)
        {
            float[] ahead = new float[_rows.Columns];
            for (int row = 0; row < _rows.Count; row++)
            {
                if (_done[row]) continue;
                Span<float> x = Of(_x, row), before = Of(_before, row);
                x.CopyTo(ahead);
                NormBall.Step(_norm, Of(_gradients, row), _size[row], ahead);
                NormBall.Project(_norm, _rows.Row(row), _epsilon, _model.Low, _model.High, ahead);
                for (int c = 0; c < ahead.Length && !first; c++) ahead[c] = (float)(x[c] + (Ahead * ((double)ahead[c] - x[c])) + ((1 - Ahead) * ((double)x[c] - before[c])));
                if (!first) NormBall.Project(_norm, _rows.Row(row), _epsilon, _model.Low, _model.High, ahead);
                x.CopyTo(before);
                ahead.CopyTo(x);
            }
            _moves++;
        }

        private Span<float> Of(float[] numbers, int row) => numbers.AsSpan(row * _rows.Columns, _rows.Columns);

        private static double[] Filled(int count, double value) => [.. Enumerable.Repeat(value, count)];
    }
}
