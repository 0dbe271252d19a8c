using Cluster.Ml.Numerics;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>Carlini and Wagner's l2 attack: an optimizer looks for the least change that is misclassified by a margin.</summary>
/// <remarks>
/// Equation      x' = low + (high − low)·(tanh w + 1)/2;  min over w of ‖x' − x‖²/R² + c·max(z_y − max over k ≠ y of z_k, −κ), by Adam;
///               c by bisection, tenfold while nothing is found; R is the widest range of a column, so that no unit matters
/// Threat model  evasion, untargeted; white box: steps × searches gradients a row
/// Source        Carlini, Wagner, "Towards Evaluating the Robustness of Neural Networks", IEEE S&amp;P 2017, § V and § VI-A
/// </remarks>
internal sealed class CarliniWagner : EvasionAttack
{
    private const int StepsUsual = 200, Searches = 8;
    private const double FirstWeight = 0.01, RateUsual = 0.05, Beta1 = 0.9, Beta2 = 0.999, Within = 0.999999;

    public override string Name => "carlini";

    public override string Meaning => "Carlini and Wagner's search for the least l2 change, by an optimizer";

    public override string ThreatModel => "White box: the attacker knows the model and looks for the least change with many gradients; with epsilon, changes beyond it do not count.";

    public override string Source => "Carlini and Wagner, IEEE S&P 2017";

    public override IReadOnlyList<string> Flags => ["epsilon", "steps", "step-size", "confidence"];

    internal override IReadOnlyList<Norm> Norms => [Norm.L2];

    internal override bool WhiteBox => true;

    internal override bool Minimizes => true;

    internal override void Attack(AttackedModel model, AttackedRows rows, AttackSettings settings, Span<float> adversarial)
    {
        double[] least = new double[rows.Count], weights = new double[rows.Count], low = new double[rows.Count], high = new double[rows.Count];
        Array.Fill(least, double.PositiveInfinity);
        Array.Fill(high, double.PositiveInfinity);
        Array.Fill(weights, FirstWeight);
        float[] found = adversarial.ToArray();
        for (int search = 0; search < Searches; search++)
        {
            bool[] success = Minimize(model, rows, settings, weights, least, found);
            for (int row = 0; row < rows.Count; row++)
            {
                if (success[row]) high[row] = weights[row];
                else low[row] = weights[row];
                weights[row] = double.IsInfinity(high[row]) ? weights[row] * 10 : (low[row] + high[row]) / 2;
            }
        }
        found.CopyTo(adversarial);
    }

    private static bool[] Minimize(AttackedModel model, AttackedRows rows, AttackSettings settings, double[] weights, double[] least, float[] found)
    {
        int columns = rows.Columns;
        double confidence = settings.Confidence ?? 0, rate = settings.StepSize ?? RateUsual, widest = Widest(model);
        double[] w = Unbounded(model, rows), first = new double[w.Length], second = new double[w.Length], margins = new double[rows.Count];
        float[] x = new float[w.Length], gradients = new float[w.Length];
        bool[] success = new bool[rows.Count];
        for (int step = 1; step <= (settings.Steps ?? StepsUsual); step++)
        {
            Bounded(model, w, rows, x);
            model.GradientsOf(x, (row, logits, gradient) =>
            {
                margins[row] = LogitGradients.Margin(logits, rows.Labels[row], gradient);
                if (margins[row] >= confidence && margins[row] > 0) gradient.Clear();    // beyond −κ the cost is flat
            }, gradients);
            double bias1 = 1 - Power(Beta1, step), bias2 = 1 - Power(Beta2, step);
            for (int row = 0; row < rows.Count; row++)
            {
                ReadOnlySpan<float> now = x.AsSpan(row * columns, columns);
                double length = NormBall.Distance(Norm.L2, now, rows.Row(row));
                if (margins[row] > 0 && margins[row] >= confidence)
                {
                    success[row] = true;
                    if (length < least[row])
                    {
                        least[row] = length;
                        now.CopyTo(found.AsSpan(row * columns));
                    }
                }
                for (int c = 0; c < columns; c++)
                {
                    int i = (row * columns) + c;
                    double range = (double)model.High[c] - model.Low[c], t = Tanh(w[i]);
                    double byRow = (2 * ((double)now[c] - rows.Row(row)[c]) / (widest * widest)) - (weights[row] * gradients[i]);
                    double g = byRow * range / 2 * (1 - (t * t));
                    first[i] = (Beta1 * first[i]) + ((1 - Beta1) * g);
                    second[i] = (Beta2 * second[i]) + ((1 - Beta2) * g * g);
                    w[i] -= rate * (first[i] / bias1) / (Math.Sqrt(second[i] / bias2) + 1e-8);
                }
            }
        }
        return success;
    }

    private static double Widest(AttackedModel model)
    {
        double widest = 0;
        for (int c = 0; c < model.Columns; c++) widest = Math.Max(widest, (double)model.High[c] - model.Low[c]);
        return widest > 0 ? widest : 1;
    }

    private static double[] Unbounded(AttackedModel model, AttackedRows rows)
    {
        double[] w = new double[rows.Numbers.Length];
        for (int i = 0; i < w.Length; i++)
        {
            int c = i % rows.Columns;
            double range = (double)model.High[c] - model.Low[c];
            double t = range > 0 ? Within * ((2 * (rows.Numbers[i] - model.Low[c]) / range) - 1) : 0;
            w[i] = (StableMath.Log(1 + t) - StableMath.Log(1 - t)) / 2;
        }
        return w;
    }

    private static void Bounded(AttackedModel model, double[] w, AttackedRows rows, float[] x)
    {
        for (int i = 0; i < w.Length; i++)
        {
            int c = i % rows.Columns;
            double range = (double)model.High[c] - model.Low[c];
            x[i] = range > 0 ? Math.Clamp((float)(model.Low[c] + (range * (Tanh(w[i]) + 1) / 2)), model.Low[c], model.High[c]) : rows.Numbers[i];
        }
    }

    private static double Tanh(double w) => (2 * StableMath.Sigmoid(2 * w)) - 1;

    private static double Power(double of, int exponent)
    {
        double power = 1;
        for (int i = 0; i < exponent; i++) power *= of;
        return power;
    }
}
