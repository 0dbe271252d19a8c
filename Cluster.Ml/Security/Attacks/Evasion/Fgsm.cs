namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>The fast gradient sign method: one step of full length.</summary>
/// <remarks>
/// Equation      x' = clamp(x + ε·sign(∂L/∂x), low, high), L the cross-entropy of the row's class;  l2: x + ε·g/‖g‖
/// Threat model  evasion, untargeted; white box: one gradient a row
/// Source        Goodfellow, Shlens, Szegedy, "Explaining and Harnessing Adversarial Examples", ICLR 2015, § 4
/// </remarks>
internal sealed class Fgsm : EvasionAttack
{
    public override string Name => "fgsm";

    public override string Meaning => "one step of length epsilon along the sign of the gradient";

    public override string ThreatModel => "White box: the attacker knows the model, takes one gradient a row, and moves each row by at most epsilon.";

    public override string Source => "Goodfellow, Shlens and Szegedy, ICLR 2015";

    public override IReadOnlyList<string> Flags => ["epsilon", "norm"];

    internal override IReadOnlyList<Norm> Norms => [Norm.Linf, Norm.L2];

    internal override bool WhiteBox => true;

    internal override void Attack(AttackedModel model, AttackedRows rows, AttackSettings settings, Span<float> adversarial)
    {
        (Norm norm, double epsilon) = (settings.Norm!.Value, settings.Epsilon!.Value);
        float[] gradients = new float[adversarial.Length];
        model.GradientsOf(rows.Numbers, (row, logits, gradient) => LogitGradients.CrossEntropy(logits, rows.Labels[row], gradient), gradients);
        for (int row = 0; row < rows.Count; row++)
        {
            Span<float> x = adversarial.Slice(row * rows.Columns, rows.Columns);
            NormBall.Step(norm, gradients.AsSpan(row * rows.Columns, rows.Columns), epsilon, x);
            NormBall.Project(norm, rows.Row(row), epsilon, model.Low, model.High, x);
        }
    }
}
