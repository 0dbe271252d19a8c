namespace Cluster.Ml.Nn.Losses;

/// <summary>The likelihoods that model.likelihood may name, one a line.</summary>
internal static class LikelihoodRegistry
{
    /// <summary>All of them, in the order in which a message lists them.</summary>
    public static readonly IReadOnlyList<Likelihood> All = [BernoulliReconstruction.Declared, SquaredReconstruction.Declared];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(likelihood => likelihood.Name)];

    /// <summary>The likelihood of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Likelihood Of(string name) => All.FirstOrDefault(likelihood => likelihood.Name == name)
        ?? throw new ArgumentException($"LikelihoodRegistry: wanted {string.Join(" or ", Names)}, got {name}.", nameof(name));
}
