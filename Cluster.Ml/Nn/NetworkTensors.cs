using System.Globalization;
using Cluster.Ml.Export.Arrays;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn;

/// <summary>The parameters of a network as tensors: layers.N.weight, layers.N.bias, N the number of the layer in the model, from 0.</summary>
internal static class NetworkTensors
{
    /// <summary>All of them, in the order in which they lie.</summary>
    public static IReadOnlyList<NamedTensor> Of(ParameterLayout layout, NumericBuffer state)
    {
        List<NamedTensor> tensors = [];
        foreach (ParameterBlock block in layout.Blocks)
        {
            int at = block.Offset;
            foreach (LayerTensor tensor in block.Layer.Tensors)
            {
                tensors.Add(NamedTensor.Of(NameOf(block, tensor), tensor.Shape, state.Floats.Slice(at, tensor.Count)));
                at += tensor.Count;
            }
        }
        return tensors;
    }

    /// <summary>What files call a tensor of a layer.</summary>
    public static string NameOf(ParameterBlock block, LayerTensor tensor) => string.Create(CultureInfo.InvariantCulture, $"layers.{block.Index}.{tensor.Name}");
}
