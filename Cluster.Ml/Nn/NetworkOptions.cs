using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Nn;

/// <summary>What a job says about a network whose layers it describes.</summary>
public sealed record NetworkOptions : ModelOptions
{
    /// <summary>The keys of a network that predicts classes.</summary>
    internal static readonly KeySet<NetworkOptions> OfClasses = AddLayers(AddStart(new(new())));

    /// <summary>The keys of a network that predicts classes or numbers.</summary>
    internal static readonly KeySet<NetworkOptions> OfClassesOrNumbers = AddLayers(AddStart(new(new())).Task(o => o.Regresses, (o, value) => o with { Regresses = value }));

    /// <summary>Hidden layers, in order.</summary>
    public IReadOnlyList<LayerSpec> Layers { get; init; } = new ValueList<LayerSpec>([]);

    /// <summary>Whether the target is a number and not a class.</summary>
    public bool Regresses { get; init; }

    /// <summary>The file of a trained model whose first layers this one begins with, or of tensors by name (.npz, .safetensors); absolute after reading. Null for none.</summary>
    public string? StartFrom { get; init; }

    /// <summary>How it learns to treat rows of another domain alike; null for not at all.</summary>
    public AdaptSpec? Adapt { get; init; }

    /// <inheritdoc/>
    internal override string? EpochsMatter => Adapt is null ? null : "domain adaptation grows over all epochs";

    /// <inheritdoc/>
    internal override AdaptSpec? Adaptation => Adapt;

    private static KeySet<NetworkOptions> AddStart(KeySet<NetworkOptions> keys) => keys.Path(
        "start-from", "A trained model whose first layers this one begins with, or a file of tensors by name (.npz, .safetensors).", o => o.StartFrom, (o, path) => o with { StartFrom = path });

    private static KeySet<NetworkOptions> AddLayers(KeySet<NetworkOptions> keys) => keys
        .Layers("layers", "The hidden layers, in order.", o => o.Layers, (o, layers) => o with { Layers = layers }, has: "hidden layers")
        .Section(
            "adapt", "What tells rows of data.adapt-to from the others, so that the network learns to treat them alike.", AdaptSpec.Example, o => o.Adapt,
            (o, value) => o with { Adapt = value }, AdaptSpec.Declared)
        .Check((map, o) => o.Adapt?.CheckFrom(map, o.Layers));
}
