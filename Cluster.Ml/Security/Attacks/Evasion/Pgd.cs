using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>Projected gradient descent from a random start within the ball.</summary>
/// <remarks>
/// Equation      x ← Π(x + α·sign(∂L/∂x)), or α·g/‖g‖ of l2; Π projects on the ball of ε and the range of the data; α = 2.5·ε/steps
/// Threat model  evasion, untargeted; white box: steps × restarts gradients a row, until it is misclassified
/// Determinism   the start is keyed by (seed, row, restart)
/// Source        Madry, Makelov, Schmidt, Tsipras, Vladu, "Towards Deep Learning Models Resistant to Adversarial Attacks", ICLR 2018, § 2.1
/// </remarks>
internal sealed class Pgd : EvasionAttack
{
    private const int StepsUsual = 40;

    public override string Name => "pgd";

    public override string Meaning => "projected gradient steps from a random start, with restarts";

    public override string ThreatModel => "White box: the attacker knows the model, takes as many gradients a row as steps and restarts, and moves each row by at most epsilon.";

    public override string Source => "Madry et al., ICLR 2018";

    public override IReadOnlyList<string> Flags => ["epsilon", "norm", "steps", "step-size", "restarts"];

    internal override IReadOnlyList<Norm> Norms => [Norm.Linf, Norm.L2];

    internal override bool WhiteBox => true;

    internal override void Attack(AttackedModel model, AttackedRows rows, AttackSettings settings, Span<float> adversarial)
    {
        int columns = rows.Columns;
        List<int> left = [.. Enumerable.Range(0, rows.Count)];
        for (int restart = 0; restart < (settings.Restarts ?? 1) && left.Count > 0; restart++)
        {
            AttackedRows some = rows.Of(left);
            float[] found = Descend(model, some, settings, restart);
            int[] said = new int[some.Count];
            model.Predict(found, said);
            for (int i = 0; i < some.Count; i++)
                if (restart == 0 || said[i] != some.Labels[i]) found.AsSpan(i * columns, columns).CopyTo(adversarial[(left[i] * columns)..]);
            left = [.. left.Where((_, i) => said[i] == some.Labels[i])];
        }
    }

    private static float[] Descend(AttackedModel model, AttackedRows rows, AttackSettings settings, int restart)
    {
        (Norm norm, double epsilon, int steps, int columns) = (settings.Norm!.Value, settings.Epsilon!.Value, settings.Steps ?? StepsUsual, rows.Columns);
        double size = settings.StepSize ?? (2.5 * epsilon / steps);
        float[] x = (float[])rows.Numbers.Clone(), gradients = new float[x.Length];
        bool[] done = new bool[rows.Count];
        for (int row = 0; row < rows.Count; row++) Begin(model, rows, row, settings, restart, x.AsSpan(row * columns, columns));
        for (int step = 0; step < steps && done.Contains(false); step++)
        {
            model.GradientsOf(x, (row, logits, gradient) =>
            {
                done[row] |= Reductions.IndexOfMax(logits) != rows.Labels[row];
                LogitGradients.CrossEntropy(logits, rows.Labels[row], gradient);
            }, gradients);
            for (int row = 0; row < rows.Count; row++)
            {
                if (done[row]) continue;
                Span<float> moved = x.AsSpan(row * columns, columns);
                NormBall.Step(norm, gradients.AsSpan(row * columns, columns), size, moved);
                NormBall.Project(norm, rows.Row(row), epsilon, model.Low, model.High, moved);
            }
        }
        return x;
    }

    /// <summary>A uniformly random point of the ball.</summary>
    private static void Begin(AttackedModel model, AttackedRows rows, int row, AttackSettings settings, int restart, Span<float> x)
    {
        (Norm norm, double epsilon) = (settings.Norm!.Value, settings.Epsilon!.Value);
        RandomStream random = RandomStream.At(settings.Seed, RandomPurpose.Attack, rows.Ids[row], restart);
        if (norm == Norm.Linf)
        {
            for (int c = 0; c < x.Length; c++) x[c] += (float)(epsilon * ((2 * random.NextDouble()) - 1));
        }
        else
        {
            float[] direction = new float[x.Length];
            for (int c = 0; c < x.Length; c++) direction[c] = (float)random.NextGaussian();
            double radius = epsilon * StableMath.Exp(StableMath.Log(1 - random.NextDouble()) / x.Length);
            NormBall.Step(norm, direction, radius, x);
        }
        NormBall.Project(norm, rows.Row(row), epsilon, model.Low, model.High, x);
    }
}
