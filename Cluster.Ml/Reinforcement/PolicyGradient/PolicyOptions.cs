using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>What a job says about a policy that follows gradients.</summary>
public sealed record PolicyOptions : EpisodeOptions
{
    internal static readonly KeySet<PolicyOptions> OfReinforce = Declare(new PolicyOptions { Lambda = 1 });

    internal static readonly KeySet<PolicyOptions> OfPpo = Declare(new PolicyOptions { Normalize = true, Clip = 0.2, Passes = 4, MiniBatches = 4 })
        .Number(
            "clip", "How far the probability of an action may move from the one it was taken with, as a share of it, before it has no gradient.", o => o.Clip ?? 0,
            (o, value) => o with { Clip = value }, NumberRange.Positive, source: "Schulman et al., 2017")
        .Whole("passes", "How many times each batch of episodes is learned from.", o => o.Passes, (o, value) => o with { Passes = value }, 1, 100)
        .Whole("mini-batches", "Steps of a pass, each over another part of the moments of every micro-batch.", o => o.MiniBatches, (o, value) => o with { MiniBatches = value }, 1, 1000);

    /// <summary>Hidden layers from a state to the actions.</summary>
    public IReadOnlyList<LayerSpec> Layers { get; init; } = new ValueList<LayerSpec>([]);

    /// <summary>Hidden layers from a state to the return that is expected.</summary>
    public IReadOnlyList<LayerSpec> ValueLayers { get; init; } = new ValueList<LayerSpec>([]);

    /// <summary>λ of the advantages.</summary>
    public double Lambda { get; init; } = 0.95;

    /// <summary>β: what entropy is worth.</summary>
    public double Entropy { get; init; }

    /// <summary>Whether the advantages of a micro-batch have mean 0 and deviation 1.</summary>
    public bool Normalize { get; init; }

    /// <summary>ε: how far probabilities may move from those of the roll-out; null for steps that are taken once, at those.</summary>
    public double? Clip { get; init; }

    /// <summary>How many times each batch of episodes is learned from.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>Steps of a pass.</summary>
    public int MiniBatches { get; init; } = 1;

    internal override int StepsPerRollout => checked(Passes * MiniBatches);

    private static KeySet<PolicyOptions> Declare(PolicyOptions defaults) => new KeySet<PolicyOptions>(defaults)
        .Episodes()
        .Layers("layers", "The hidden layers of the policy, from a state to its actions.", o => o.Layers, (o, value) => o with { Layers = value }, has: "hidden layers")
        .Layers("value-layers", "The hidden layers of the baseline, from a state to the return that is expected.", o => o.ValueLayers, (o, value) => o with { ValueLayers = value })
        .Number(
            "lambda", "How far advantages look before they believe the baseline: 1 to the end of the episode, 0 one action.", o => o.Lambda, (o, value) => o with { Lambda = value },
            NumberRange.Between(0, 1), source: "Schulman et al., 2016")
        .Number("entropy", "What the entropy of the policy is worth beside the advantage of an action: keeps it trying.", o => o.Entropy, (o, value) => o with { Entropy = value }, NumberRange.NotNegative)
        .Flag("normalize", "Whether the advantages of each micro-batch's episodes are shifted to mean 0 and scaled to deviation 1.", o => o.Normalize, (o, value) => o with { Normalize = value });
}
