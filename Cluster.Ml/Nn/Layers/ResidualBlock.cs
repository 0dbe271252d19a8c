using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Graph;

namespace Cluster.Ml.Nn.Layers;

/// <summary>What a job says about a residual block: two convolutions of 3×3, each after a rectifier, added to what they read.</summary>
/// <remarks>
/// Equation  y = x + F(x); with a stride, projected, or of other channels than F(x), x passes a 1×1 convolution
/// Source    He, Zhang, Ren, Sun, "Identity Mappings in Deep Residual Networks" (2016), figure 4(e), without normalisation;
///           projection: <see cref="LayerPlan"/>
/// </remarks>
/// <param name="Filters">Channels going out.</param>
/// <param name="Stride">Pixels from one place to the next.</param>
/// <param name="Projects">Whether the shortcut passes a 1×1 convolution; null: if the stride is above 1.</param>
public sealed record ResidualOptions(int Filters, int Stride, bool? Projects) : LayerSpec
{
    internal static readonly NamedChoice Declared = new(
        "residual", "two convolutions of 3x3, each after a rectifier, added to what they read", new KeySet<ResidualOptions>(new(32, 1, null))
            .Whole("residual", "Filters: channels going out.", o => o.Filters, (o, value) => o with { Filters = value }, 1, JobDefaults.UnitsMax).Required("32")
            .Whole("stride", "Pixels from one place to the next.", o => o.Stride, (o, value) => o with { Stride = value }, 1, JobDefaults.FilterMax, unit: "pixels")
            .Flag("project", "Whether the shortcut passes a convolution of 1x1.", o => o.Projects ?? o.Stride > 1, (o, value) => o with { Projects = value })
            .Otherwise("where the stride is above 1, or the channels change")
            .Check((map, o) =>
            {
                if (o is { Stride: > 1, Projects: false }) map.Error("project", "true with a stride above 1", "remove it: the shortcut must shrink as well");
            }));

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    internal override LayerSpec Expanded => new SumOptions(JoinOptions.Of(
        [new ActivationOptions(Relu.Declared.Name), Of(3, Stride, Relu.Declared.Name), Of(3, 1, Identity.Declared.Name)],
        Projects ?? Stride > 1 ? [Of(1, Stride, Identity.Declared.Name)] : []));

    internal override Layer Create(TensorShape input) => throw new ArgumentException("residual: wanted its layers, got the block; take Expanded.", nameof(input));

    private ConvolutionOptions Of(int size, int stride, string activation) => new(Filters, new WindowSpec(size, size, stride, true), activation);
}
