namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>Steps to the nearest boundary of the model as it looks locally: the least l2 change, nearly.</summary>
/// <remarks>
/// Equation      f_k = z_k − z_y, w_k = ∂f_k/∂x;  l = argmin |f_k|/‖w_k‖;  r ← r + (|f_l| + 10⁻⁴)·w_l/‖w_l‖²;  x' = x + 1.02·r
/// Threat model  evasion, untargeted; white box: a gradient for each class and step
/// Range         of a linear model of two classes one step is enough: ‖r‖ = |f|/‖w‖
/// Source        Moosavi-Dezfooli, Fawzi, Frossard, "DeepFool", CVPR 2016, algorithm 2; overshoot 0.02, § 2
/// </remarks>
internal sealed class DeepFool : EvasionAttack
{
    private const int StepsUsual = 50;
    private const double Overshoot = 0.02, Nudge = 1e-4;

    public override string Name => "deepfool";

    public override string Meaning => "steps to the nearest linearized boundary: a small l2 change";

    public override string ThreatModel => "White box: the attacker knows the model, takes a gradient for each class and step, and looks for the least change; with epsilon, changes beyond it do not count.";

    public override string Source => "Moosavi-Dezfooli, Fawzi and Frossard, CVPR 2016";

    public override IReadOnlyList<string> Flags => ["epsilon", "steps"];

    internal override IReadOnlyList<Norm> Norms => [Norm.L2];

    internal override bool WhiteBox => true;

    internal override bool Minimizes => true;

    internal override void Attack(AttackedModel model, AttackedRows rows, AttackSettings settings, Span<float> adversarial)
    {
        int columns = rows.Columns, others = model.Classes - 1;
        float[] moved = new float[adversarial.Length];
        List<int> left = [.. Enumerable.Range(0, rows.Count)];
        for (int step = 0; step < (settings.Steps ?? StepsUsual) && left.Count > 0; step++)
        {
            float[] repeated = new float[left.Count * others * columns], gradients = new float[repeated.Length];
            double[] margins = new double[left.Count * others];
            for (int i = 0; i < margins.Length; i++) adversarial.Slice(left[i / others] * columns, columns).CopyTo(repeated.AsSpan(i * columns));
            int[] active = [.. left];
            model.GradientsOf(repeated, (row, logits, gradient) =>
            {
                int label = rows.Labels[active[row / others]], other = row % others < label ? row % others : (row % others) + 1;
                gradient.Clear();
                (gradient[other], gradient[label]) = (1, -1);
                margins[row] = (double)logits[other] - logits[label];
            }, gradients);
            List<int> still = [];
            for (int i = 0; i < active.Length; i++)
            {
                int row = active[i];
                ReadOnlySpan<double> margin = margins.AsSpan(i * others, others);
                if (IsWrong(margin)) continue;
                Span<float> r = moved.AsSpan(row * columns, columns);
                if (!MoveToNearest(margin, gradients.AsSpan(i * others * columns, others * columns), r)) continue;
                for (int c = 0; c < columns; c++)
                    adversarial[(row * columns) + c] = Math.Clamp((float)(rows.Row(row)[c] + ((1 + Overshoot) * r[c])), model.Low[c], model.High[c]);
                still.Add(row);
            }
            left = still;
        }
    }

    private static bool IsWrong(ReadOnlySpan<double> margins)
    {
        foreach (double margin in margins)
            if (margin > 0) return true;
        return false;
    }

    private static bool MoveToNearest(ReadOnlySpan<double> margins, ReadOnlySpan<float> gradients, Span<float> r)
    {
        int nearest = -1;
        double least = double.PositiveInfinity;
        for (int k = 0; k < margins.Length; k++)
        {
            double slope = NormBall.LengthOf(gradients.Slice(k * r.Length, r.Length));
            if (slope == 0 || Math.Abs(margins[k]) / slope >= least) continue;
            (least, nearest) = (Math.Abs(margins[k]) / slope, k);
        }
        if (nearest < 0) return false;
        ReadOnlySpan<float> w = gradients.Slice(nearest * r.Length, r.Length);
        double length = NormBall.LengthOf(w), factor = (Math.Abs(margins[nearest]) + Nudge) / (length * length);
        for (int c = 0; c < r.Length; c++) r[c] += (float)(factor * w[c]);
        return true;
    }
}
