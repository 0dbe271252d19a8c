using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Graph;

namespace Cluster.Ml.Nn.Layers;

/// <summary>What a job says about four paths side by side: 1×1; 1×1 and 3×3; 1×1 and 5×5; pooling and 1×1.</summary>
/// <remarks>Source  Szegedy et al., "Going Deeper with Convolutions" (2015), figure 2(b)</remarks>
/// <param name="Filters">Of 1×1, before 3×3, 3×3, before 5×5, 5×5, after pooling.</param>
public sealed record InceptionOptions(IReadOnlyList<int> Filters) : LayerSpec
{
    private const int Paths = 6;

    internal static readonly NamedChoice Declared = new(
        "inception", "four paths of filters side by side: 1x1; 1x1 and 3x3; 1x1 and 5x5; pooling and 1x1",
        new KeySet<InceptionOptions>(new(new ValueList<int>(Enumerable.Repeat(1, Paths)))).Sizes(
            "inception", "Filters of 1x1, before 3x3, 3x3, before 5x5, 5x5, after pooling.", o => o.Filters, (o, value) => o with { Filters = value }, Paths,
            JobDefaults.UnitsMax, "[ 16, 16, 24, 4, 8, 8 ]: filters of 1x1, before 3x3, 3x3, before 5x5, 5x5, after pooling").Required("[ 16, 16, 24, 4, 8, 8 ]"));

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    internal override LayerSpec Expanded => new ConcatenationOptions(
        JoinOptions.Of([Of(0, 1)], [Of(1, 1), Of(2, 3)], [Of(3, 1), Of(4, 5)], [new MaxPoolingOptions(new WindowSpec(3, 3, 1, true)), Of(5, 1)]));

    internal override Layer Create(TensorShape input) => throw new ArgumentException("inception: wanted its layers, got the block; take Expanded.", nameof(input));

    private ConvolutionOptions Of(int path, int size) => new(Filters[path], new WindowSpec(size, size, 1, true), Relu.Declared.Name);
}
