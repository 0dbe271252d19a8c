namespace Cluster.Ml.Reinforcement.Environments;

/// <summary>The environments that there are, one a line.</summary>
public static class EnvironmentRegistry
{
    /// <summary>All of them, in the order in which a message lists them.</summary>
    public static readonly IReadOnlyList<DecisionProcess> All =
    [
        new CartPole(),
        new MountainCar(),
        new CliffWalking(),
    ];

    private static readonly Dictionary<string, DecisionProcess> s_byName = All.ToDictionary(environment => environment.Name);

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(environment => environment.Name)];

    /// <summary>The environment of this name.</summary>
    /// <exception cref="ArgumentException">There is none; a job that was read from text never names such a one.</exception>
    public static DecisionProcess Of(string name) => s_byName.GetValueOrDefault(name)
        ?? throw new ArgumentException($"EnvironmentRegistry: wanted one of {string.Join(", ", Names)}, got {name}.", nameof(name));
}
