namespace Cluster.Ml.Security.Attacks;

/// <summary>A kind of attack: all that the command must know of it, registered in <see cref="AttackRegistry"/>.</summary>
public abstract class AttackKind
{
    /// <summary>As the command names it.</summary>
    public abstract string Name { get; }

    /// <summary>What it is: one line.</summary>
    public abstract string Meaning { get; }

    /// <summary>What the attacker knows and may do: one line.</summary>
    public abstract string ThreatModel { get; }

    /// <summary>The paper.</summary>
    public abstract string Source { get; }

    /// <summary>Whether it is made on a job, which is trained again, and not on a trained model.</summary>
    public virtual bool OnJobs => false;

    /// <summary>The settings that it looks at, as flags without dashes.</summary>
    public abstract IReadOnlyList<string> Flags { get; }

    /// <summary>Makes the attack.</summary>
    /// <exception cref="Data.BadInputException">It cannot be made on this victim.</exception>
    public abstract AttackReport Run(AttackTarget target, AttackSettings settings);
}
