using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Reinforcement.QLearning;

/// <summary>What a job says about a table of action values.</summary>
public sealed record QLearningOptions : EpisodeOptions
{
    internal static readonly KeySet<QLearningOptions> Declared = new KeySet<QLearningOptions>(new() { Discount = 1, Rollouts = 1 })
        .Episodes()
        .Number("rate", "How far a value moves towards the mean of what its action led to in a step.", o => o.Rate, (o, value) => o with { Rate = value }, NumberRange.Factor)
        .Number(
            "explore", "The share of actions that are drawn from all alike, and are not the best ones.", o => o.Explore, (o, value) => o with { Explore = value }, NumberRange.Between(0, 1),
            source: "Sutton and Barto, 2018")
        .Check((map, o) =>
        {
            if (o.Process.Cells == 0)
                map.Error("environment", $"one with a table of states ({string.Join(", ", Environments.EnvironmentRegistry.All.Where(environment => environment.Cells > 0).Select(environment => environment.Name))})", "choose one of these, or a policy");
        });

    /// <summary>α.</summary>
    public double Rate { get; init; } = 0.5;

    /// <summary>ε.</summary>
    public double Explore { get; init; } = 0.1;
}
