using Cluster.Ml.Custom;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Graph;

namespace Cluster.Ml.Nn.Layers;

/// <summary>The layers, and blocks of them, that a job may name, one a line. Each is known by a key of its mapping. A program adds its own by <see cref="CustomParts"/>.</summary>
public static class LayerRegistry
{
    private static readonly NamedChoice[] s_own =
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

    private static readonly Lazy<NamedChoice[]> s_all = new(() => [.. s_own, .. CustomParts.ReadLayers()]);
    private static readonly Lazy<string[]> s_names = new(() => [.. s_all.Value.Select(layer => layer.Name)]);

    /// <summary>All of them, in the order in which a message lists them.</summary>
    public static IReadOnlyList<NamedChoice> All => s_all.Value;

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names => s_names.Value;

    /// <summary>The names of those that the library has.</summary>
    internal static IEnumerable<string> OwnNames => s_own.Select(layer => layer.Name);

    /// <summary>The layer of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static NamedChoice Of(string name) => NamedChoice.Find(All, name)
        ?? throw new ArgumentException($"LayerRegistry: wanted one of {string.Join(", ", Names)}, got {name}.", nameof(name));
}
