using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Graph;

namespace Cluster.Ml.Nn.Layers;

/// <summary>The layers, and blocks of them, that a job may name, one a line. Each is known by a key of its mapping.</summary>
public static class LayerRegistry
{
    /// <summary>All of them, in the order in which a message lists them.</summary>
    public static readonly IReadOnlyList<NamedChoice> All =
    [
        DenseOptions.Declared,
        DropoutOptions.Declared,
        RecurrentOptions.Lstm,
        RecurrentOptions.Rnn,
        EmbeddingOptions.Declared,
        ConvolutionOptions.Declared,
        MaxPoolingOptions.Declared,
        AveragePoolingOptions.Declared,
        InceptionOptions.Declared,
        ResidualOptions.Declared,
        FlattenOptions.Declared,
        ReshapeOptions.Declared,
        ActivationOptions.Declared,
        ConcatenationOptions.Declared,
        SumOptions.Declared,
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(layer => layer.Name)];

    /// <summary>The layer of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static NamedChoice Of(string name) => NamedChoice.Find(All, name)
        ?? throw new ArgumentException($"LayerRegistry: wanted one of {string.Join(", ", Names)}, got {name}.", nameof(name));
}
