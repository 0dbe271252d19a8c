using Cluster.Ml.Data;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>Changes rows a little, so that a trained model tells another class.</summary>
public abstract class EvasionAttack : PiecewiseAttack
{
    /// <summary>The norms that it knows, the usual one first.</summary>
    internal abstract IReadOnlyList<Norm> Norms { get; }

    /// <summary>Whether it follows gradients of the attacked model.</summary>
    internal abstract bool WhiteBox { get; }

    /// <summary>Whether it looks for the least change, and not for any within ε.</summary>
    internal virtual bool Minimizes => false;

    /// <inheritdoc/>
    public override IAttackPieces Cut(AttackTarget target, AttackSettings settings)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(settings);
        Norm norm = NormOf(settings);
        (AttackedRows rows, AttackUnits units) = target.Read();
        Check(target, units);
        EvasionRun run = new(this, target, rows, units, settings with { Norm = norm });
        return new EvasionPieces([run], run.Report);
    }

    /// <summary>Refuses a model that it cannot be made on.</summary>
    internal virtual void Check(AttackTarget target, AttackUnits units)
    {
        if (!WhiteBox || target.Open(units).HasGradients) return;
        throw new BadInputException(
            target.RequiredModel.Spec.Name, null, null, $"a model whose gradients {Name} can follow", target.RequiredModel.Spec.Model.Kind,
            "use an attack that only asks, such as square or decision, or transfer from a substitute");
    }

    /// <summary>Attacks rows that the model tells rightly.</summary>
    /// <param name="model">The model, for this thread.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="settings">What was asked; the norm is known.</param>
    /// <param name="adversarial">[rows × columns]: the rows, to be changed. A row that the attack gives up may stay as it is.</param>
    internal abstract void Attack(AttackedModel model, AttackedRows rows, AttackSettings settings, Span<float> adversarial);

    /// <summary>The largest change that it makes where none is asked for.</summary>
    internal virtual double EpsilonUsual(Norm norm) => norm == Norm.Linf ? 0.3 : 2;

    private Norm NormOf(AttackSettings settings)
    {
        if (settings.Norm is not { } norm) return Norms[0];
        return Norms.Contains(norm) ? norm : throw new BadInputException(
            "--norm", null, null, string.Join(" or ", Norms.Select(NormBall.NameOf)), NormBall.NameOf(norm), $"{Name} knows no other norm");
    }
}
