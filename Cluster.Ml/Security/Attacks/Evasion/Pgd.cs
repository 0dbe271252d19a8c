using Cluster.Ml.Numerics;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>Projected gradient descent from a random start within the ball.</summary>
/// <remarks>
/// Equation      x ← Π(x + α·sign(∂L/∂x)), or α·g/‖g‖ of l2; Π projects on the ball of ε and the range of the data; α = 2.5·ε/steps
/// Threat model  evasion, untargeted; white box: steps × restarts gradients a row, until it is misclassified
/// Determinism   the start is keyed by (seed, row, restart)
/// Source        Madry, Makelov, Schmidt, Tsipras, Vladu, "Towards Deep Learning Models Resistant to Adversarial Attacks", ICLR 2018, § 2.1
/// </remarks>
internal sealed class Pgd : RestartedAttack
{
    private const int StepsUsual = 40;

    public override string Name => "pgd";

    public override string Meaning => "projected gradient steps from a random start, with restarts";

    public override string ThreatModel => "White box: the attacker knows the model, takes as many gradients a row as steps and restarts, and moves each row by at most epsilon.";

    public override string Source => "Madry et al., ICLR 2018";

    public override IReadOnlyList<string> Flags => ["epsilon", "norm", "steps", "step-size", "restarts"];

    protected override void Descend(AttackedModel model, AttackedRows rows, AttackSettings settings, float[] x)
    {
        (Norm norm, double epsilon, int steps, int columns) = (settings.Norm!.Value, settings.Epsilon!.Value, settings.Steps ?? StepsUsual, rows.Columns);
        double size = settings.StepSize ?? (2.5 * epsilon / steps);
        float[] gradients = new float[x.Length];
        bool[] done = new bool[rows.Count];
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
    }
}
