namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>Gradient sign steps that gather momentum, which carries over to other models better.</summary>
/// <remarks>
/// Equation      m ← m + g/‖g‖₁;  x ← Π(x + (ε/steps)·sign(m)), or m/‖m‖ of l2
/// Threat model  evasion, untargeted; white box: one gradient a step
/// Source        Dong et al., "Boosting Adversarial Attacks with Momentum", CVPR 2018, algorithm 1, with decay 1
/// </remarks>
internal sealed class MomentumFgsm : EvasionAttack
{
    private const int StepsUsual = 10;

    public override string Name => "momentum";

    public override string Meaning => "gradient sign steps that gather momentum";

    public override string ThreatModel => "White box: the attacker knows the model, takes one gradient a step, and moves each row by at most epsilon.";

    public override string Source => "Dong et al., CVPR 2018";

    public override IReadOnlyList<string> Flags => ["epsilon", "norm", "steps", "step-size"];

    internal override IReadOnlyList<Norm> Norms => [Norm.Linf, Norm.L2];

    internal override bool WhiteBox => true;

    internal override void Attack(AttackedModel model, AttackedRows rows, AttackSettings settings, Span<float> adversarial)
    {
        (Norm norm, double epsilon, int steps, int columns) = (settings.Norm!.Value, settings.Epsilon!.Value, settings.Steps ?? StepsUsual, rows.Columns);
        double size = settings.StepSize ?? (epsilon / steps);
        float[] gradients = new float[adversarial.Length], momentum = new float[adversarial.Length];
        for (int step = 0; step < steps; step++)
        {
            model.GradientsOf(adversarial, (row, logits, gradient) => LogitGradients.CrossEntropy(logits, rows.Labels[row], gradient), gradients);
            for (int row = 0; row < rows.Count; row++)
            {
                Span<float> gathered = momentum.AsSpan(row * columns, columns), x = adversarial.Slice(row * columns, columns);
                Gather(gradients.AsSpan(row * columns, columns), gathered);
                NormBall.Step(norm, gathered, size, x);
                NormBall.Project(norm, rows.Row(row), epsilon, model.Low, model.High, x);
            }
        }
    }

    private static void Gather(ReadOnlySpan<float> gradient, Span<float> momentum)
    {
        double sum = 0;
        foreach (float value in gradient) sum += Math.Abs((double)value);
        if (sum == 0) return;
        for (int c = 0; c < momentum.Length; c++) momentum[c] += (float)(gradient[c] / sum);
    }
}
