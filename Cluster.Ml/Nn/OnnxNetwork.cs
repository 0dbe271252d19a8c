using Cluster.Ml.Data;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Nn.Graph;

namespace Cluster.Ml.Nn;

/// <summary>A network as operators: of one that predicts its first head, of one that makes rows its generator, from codes.</summary>
/// <remarks>Range  as the network is where it is only asked: nothing is dropped, no noise is added, of a distribution the mean is taken</remarks>
internal static class OnnxNetwork
{
    /// <summary>Adds the operators.</summary>
    /// <param name="job">What errors name.</param>
    /// <param name="network">The model.</param>
    /// <param name="model">Added to.</param>
    /// <param name="parameters">[ParameterCount].</param>
    /// <exception cref="BadInputException">A layer or a head has no operators.</exception>
    public static void Write(string job, NetworkModel network, OnnxModel model, ReadOnlySpan<float> parameters)
    {
        if (network.Generator is { } generator)
        {
            string codes = model.Graph.Cast(model.Graph.Input(OnnxModel.Codes, OnnxType.Double, generator.Inputs), OnnxType.Float);
            string made = Through(job, generator, generator.Heads[0].Tensor, codes, model.Graph, parameters);
            if (network.GeneratesLogits) made = model.Graph.Add("Sigmoid", [made]);
            model.OutputVector(OnnxModel.Features, model.Unscaled(model.Graph.Cast(made, OnnxType.Double)), model.FeatureNames);
            return;
        }
        Head head = network.Asked.Heads[0];
        string outputs = Through(job, network.Asked, head.Tensor, model.Rows, model.Graph, parameters);
        if (!head.Loss.WriteOnnx(model, model.Graph.Cast(outputs, OnnxType.Double))) throw Without(job, head.Loss.GetType().Name);
    }

    private static string Through(string job, Network network, int wanted, string rows, OnnxGraph graph, ReadOnlySpan<float> parameters)
    {
        bool[] needed = Needed(network, wanted);
        string[] tensors = new string[network.TensorCount];
        TensorShape input = network.InputShape;
        tensors[0] = input.Rank == 1 ? rows : graph.Reshape(rows, [.. Enumerable.Range(0, input.Rank).Select(axis => (long)input[axis])]);
        for (int i = 0; i < network.Nodes.Length; i++)
        {
            if (!needed[i + 1]) continue;
            NetworkNode node = network.Nodes[i];
            string? output = node.Layer is { } layer
                ? layer.WriteOnnx(graph, tensors[node.Sources[0]], node.Block is { } block ? block.Of(parameters) : [])
                : node.Join!.WriteOnnx(graph, [.. node.Sources.Select(source => tensors[source])]);
            tensors[i + 1] = output ?? throw Without(job, node.Name);
        }
        return tensors[wanted];
    }

    private static bool[] Needed(Network network, int wanted)
    {
        bool[] needed = new bool[network.TensorCount];
        needed[wanted] = true;
        for (int tensor = network.TensorCount - 1; tensor > 0; tensor--)
            if (needed[tensor])
                foreach (int source in network.Nodes[tensor - 1].Sources) needed[source] = true;
        return needed;
    }

    private static BadInputException Without(string job, string part) =>
        new(job, null, null, "layers that operators of ONNX can compute", part, "export npz or safetensors");
}
