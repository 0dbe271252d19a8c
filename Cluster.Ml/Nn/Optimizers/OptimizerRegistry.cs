using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>The update rules that training.optimizer may name, one a line.</summary>
public static class OptimizerRegistry
{
    /// <summary>All of them, in the order in which a message lists them.</summary>
    public static readonly IReadOnlyList<NamedChoice> All = [SgdOptions.Declared, AdamOptions.Declared, RmsPropOptions.Declared, AdadeltaOptions.Declared];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(rule => rule.Name)];

    /// <summary>The rule of this name, or null.</summary>
    public static NamedChoice? Find(string name) => All.FirstOrDefault(rule => rule.Name == name);
}
