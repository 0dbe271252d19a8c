using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Reinforcement.Environments;

namespace Cluster.Ml.Reinforcement;

/// <summary>What a job says about a model that plays episodes of an environment.</summary>
public abstract record EpisodeOptions : ModelOptions
{
    /// <summary>The name of the environment.</summary>
    public string Environment { get; init; } = EnvironmentRegistry.Names[0];

    /// <summary>γ: what a reward is worth that comes one action later.</summary>
    public double Discount { get; init; } = 0.99;

    /// <summary>How many times an epoch plays training.batch episodes.</summary>
    public int Rollouts { get; init; } = 10;

    /// <summary>Episodes that each epoch is measured by.</summary>
    public int ValidationEpisodes { get; init; } = 20;

    /// <summary>Episodes that the model is measured by at the end.</summary>
    public int TestEpisodes { get; init; } = 100;

    /// <summary>Steps that each batch of episodes is learned from in.</summary>
    internal virtual int StepsPerRollout => 1;

    /// <summary>The environment.</summary>
    internal DecisionProcess Process => EnvironmentRegistry.Of(Environment);
}

/// <summary>The keys that all such models have.</summary>
internal static class EpisodeKeys
{
    private const int EpisodesMax = 100_000, RolloutsMax = 10_000;

    public static KeySet<T> Episodes<T>(this KeySet<T> keys)
        where T : EpisodeOptions => keys
        .Word(
            "environment", $"What is played: {string.Join("; ", EnvironmentRegistry.All.Select(environment => $"{environment.Name}, {environment.Meaning}"))}.",
            o => o.Environment, (o, value) => o with { Environment = value }, EnvironmentRegistry.Names)
        .Required(EnvironmentRegistry.Names[0])
        .Number("discount", "What a reward is worth that comes one action later.", o => o.Discount, (o, value) => o with { Discount = value }, NumberRange.Factor)
        .Whole("rollouts", "How many times an epoch plays training.batch episodes.", o => o.Rollouts, (o, value) => o with { Rollouts = value }, 1, RolloutsMax)
        .Whole(
            "validation-episodes", "Episodes that each epoch is measured by.", o => o.ValidationEpisodes, (o, value) => o with { ValidationEpisodes = value }, 0, EpisodesMax, unit: "episodes")
        .Whole(
            "test-episodes", "Episodes that the model is measured by at the end, which training never sees.", o => o.TestEpisodes, (o, value) => o with { TestEpisodes = value }, 0, EpisodesMax,
            unit: "episodes");
}
