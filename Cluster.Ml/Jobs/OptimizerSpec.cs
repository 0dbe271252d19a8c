using Cluster.Ml.Nn.Optimizers;

namespace Cluster.Ml.Jobs;

/// <summary>An update rule, as a job describes it; each has its own record, beside the rule.</summary>
public abstract record OptimizerSpec
{
    /// <summary>As the key training.optimizer names it; none for models whose steps need no such rule.</summary>
    public abstract string Kind { get; }

    /// <summary>What it keeps of a parameter from step to step, in a word; null for nothing.</summary>
    public virtual string? State => null;

    /// <summary>Whether states that it led to from one point may be averaged: what it keeps may begin at 0 at any step.</summary>
    public virtual bool MayBeAveraged => false;

    /// <summary>The rule itself.</summary>
    /// <exception cref="ArgumentException">The model's steps need no such rule.</exception>
    internal abstract Optimizer Create();
}

/// <summary>No rule: the learner defines its own steps, which may have a name.</summary>
/// <param name="Name">The name, or none.</param>
public sealed record OwnSteps(string Name) : OptimizerSpec
{
    /// <summary>Steps without a name.</summary>
    public static readonly OwnSteps Unnamed = new("none");

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    internal override Optimizer Create() =>
        throw new ArgumentException($"OwnSteps: wanted one of {string.Join(", ", OptimizerRegistry.Names)}, got {Name}.");
}
