using Cluster.Ml.Jobs;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Nn;

/// <summary>A piece of a model that several networks pass through with the same parameters: an encoder, a generator, a discriminator.</summary>
/// <param name="job">The job's name, for messages.</param>
/// <param name="layers">What the job describes.</param>
/// <param name="end">Makes the last layer, which the job does not describe, for the shape that the others end with.</param>
internal sealed class SubNetwork(string job, IReadOnlyList<LayerSpec> layers, Func<TensorShape, Layer> end)
{
    private readonly List<ParameterBlock> _blocks = [];

    /// <summary>Adds the piece to a network.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="source">The tensor that the piece reads.</param>
    /// <param name="trained">Whether that network changes its parameters.</param>
    /// <returns>The tensor of its output.</returns>
    public int AddTo(NetworkBuilder builder, int source, bool trained)
    {
        LayerPlan plan = new(job, builder, _blocks, trained);
        int last = plan.Add(layers, source);
        return plan.Add(end(builder.ShapeOf(last)), last);
    }
}
