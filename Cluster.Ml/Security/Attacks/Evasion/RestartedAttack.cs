using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>An attack that begins at a random point of the ball, and anew with the rows that it has not fooled.</summary>
/// <remarks>Determinism  the start is keyed by (seed, row, restart)</remarks>
internal abstract class RestartedAttack : EvasionAttack
{
    public override IReadOnlyList<string> Flags => ["epsilon", "norm", "steps", "restarts"];

    internal override IReadOnlyList<Norm> Norms => [Norm.Linf, Norm.L2];

    internal override bool WhiteBox => true;

    internal override void Attack(AttackedModel model, AttackedRows rows, AttackSettings settings, Span<float> adversarial)
    {
        int columns = rows.Columns;
        List<int> left = [.. Enumerable.Range(0, rows.Count)];
        for (int restart = 0; restart < (settings.Restarts ?? 1) && left.Count > 0; restart++)
        {
            AttackedRows some = rows.Of(left);
            float[] found = (float[])some.Numbers.Clone();
            for (int row = 0; row < some.Count; row++) Begin(model, some, row, settings, restart, found.AsSpan(row * columns, columns));
            Descend(model, some, settings, found);
            int[] said = new int[some.Count];
            model.Predict(found, said);
            for (int i = 0; i < some.Count; i++)
                if (restart == 0 || said[i] != some.Labels[i]) found.AsSpan(i * columns, columns).CopyTo(adversarial[(left[i] * columns)..]);
            left = [.. left.Where((_, i) => said[i] == some.Labels[i])];
        }
    }

    /// <summary>Moves rows from where they begin.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows as they were.</param>
    /// <param name="settings">Norm and ε are known.</param>
    /// <param name="x">[rows × columns]: where they begin, within the ball; overwritten.</param>
    protected abstract void Descend(AttackedModel model, AttackedRows rows, AttackSettings settings, float[] x);

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
