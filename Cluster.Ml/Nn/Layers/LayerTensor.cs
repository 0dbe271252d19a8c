namespace Cluster.Ml.Nn.Layers;

/// <summary>Some of a layer's parameters, in the order in which they lie.</summary>
/// <param name="Name">Such as weight or bias.</param>
/// <param name="Shape">Sizes of the axes, the last innermost.</param>
internal sealed record LayerTensor(string Name, IReadOnlyList<int> Shape)
{
    /// <summary>How many parameters.</summary>
    public int Count => Shape.Aggregate(1, (product, size) => product * size);
}
