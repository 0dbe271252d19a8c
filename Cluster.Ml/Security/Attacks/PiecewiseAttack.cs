namespace Cluster.Ml.Security.Attacks;

/// <summary>An attack that is cut into pieces: threads of a process, or tasks of a cluster, compute them.</summary>
public abstract class PiecewiseAttack : AttackKind
{
    /// <summary>Reads what the attack needs and cuts it. Quick beside the pieces themselves.</summary>
    /// <exception cref="Data.BadInputException">It cannot be made on this victim.</exception>
    public abstract IAttackPieces Cut(AttackTarget target, AttackSettings settings);

    /// <inheritdoc/>
    public override AttackReport Run(AttackTarget target, AttackSettings settings)
    {
        ArgumentNullException.ThrowIfNull(target);
        IAttackPieces pieces = Cut(target, settings);
        ReadOnlyMemory<byte>[] results = new ReadOnlyMemory<byte>[pieces.Count];
        target.Runner.Run(pieces.Count, piece => results[piece] = pieces.Run(piece));
        return pieces.Combine(results);
    }
}
