using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Export.Arrays;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Nn;

/// <summary>Parameters of a trained model that another begins with: transfer learning.</summary>
/// <remarks>
/// Equation  of a model: block i of the new model starts as block i of the trained one, for all blocks but the last of the new model, as long
///           as both have the same number of weights and biases. Of a file of tensors: each tensor of the new model starts as the one that has
///           its name and shape; others start as they would; of the last block another shape is left, elsewhere it is refused
/// Source    Yosinski et al., "How transferable are features in deep neural networks?", NIPS 2014
/// </remarks>
internal sealed class PretrainedWeights
{
    private readonly List<(int Offset, ReadOnlyMemory<float> Values)> _parts = [];

    private PretrainedWeights()
    {
    }

    /// <summary>Reads what a model begins with.</summary>
    /// <param name="path">A model file, or one of tensors (.npz, .safetensors).</param>
    /// <param name="layout">The parameters of the new model.</param>
    /// <exception cref="BadInputException">The file cannot be read, or shares nothing with the new model.</exception>
    public static PretrainedWeights Read(string path, ParameterLayout layout) => TensorFile.IsNamed(path) ? OfTensors(path, layout) : OfModel(path, layout);

    /// <summary>Overwrites the parameters that it has.</summary>
    public void CopyTo(Span<float> parameters)
    {
        foreach ((int offset, ReadOnlyMemory<float> values) in _parts) values.Span.CopyTo(parameters[offset..]);
    }

    private static PretrainedWeights OfModel(string path, ParameterLayout layout)
    {
        SavedModel saved = ModelFile.Read(path);
        if (saved.CreateLearner() is not NetworkLearner trained)
            throw new BadInputException(path, null, null, "a model that is a network of layers", saved.Spec.Model.Kind, "name another model in model.start-from");
        IReadOnlyList<ParameterBlock> from = trained.Model.Layout.Blocks, to = layout.Blocks;
        int count = 0;
        for (int i = 0; i < Math.Min(from.Count, to.Count - 1) && from[i].Count == to[i].Count && from[i].WeightCount == to[i].WeightCount; i++)
            count += to[i].Count;
        if (count == 0)
            throw new BadInputException(
                path, null, null, $"a first layer of {to[0].Count} parameters, as {to[0].Name} has, and one more above it",
                $"{from[0].Count} in {from[0].Name}", "describe the same first layers in model.layers, and use data of the same columns");
        PretrainedWeights start = new();
        start._parts.Add((0, saved.Model.State.Floats[..count].ToArray()));
        return start;
    }

    private static PretrainedWeights OfTensors(string path, ParameterLayout layout)
    {
        IReadOnlyDictionary<string, FloatTensor> tensors = TensorFile.Read(path);
        PretrainedWeights start = new();
        List<string> names = [];
        foreach (ParameterBlock block in layout.Blocks)
        {
            int at = block.Offset;
            foreach (LayerTensor tensor in block.Layer.Tensors)
            {
                string name = NetworkTensors.NameOf(block, tensor);
                names.Add(name);
                if (tensors.TryGetValue(name, out FloatTensor? found)) start.Take(path, name, block, tensor, found, at, isLast: block == layout.Blocks[^1]);
                at += tensor.Count;
            }
        }
        return start._parts.Count > 0 ? start
            : throw new BadInputException(
                path, null, null, $"tensors of this model: {Listed(names)}", tensors.Count == 0 ? "none" : Listed(tensors.Keys), "rename those of the file, or describe its layers in model.layers");
    }

    private void Take(string path, string name, ParameterBlock block, LayerTensor tensor, FloatTensor found, int at, bool isLast)
    {
        if (!found.Shape.SequenceEqual(tensor.Shape.Select(size => (long)size)))
        {
            if (isLast) return;
            throw new BadInputException(
                path, null, null, $"'{name}' of {Text(tensor.Shape)}, as {block.Name} has", Text(found.Shape), "describe the layer that the file has, or take the tensor out");
        }
        int odd = Array.FindIndex(found.Values, value => !float.IsFinite(value));
        if (odd >= 0) throw new BadInputException(path, null, null, $"finite numbers in '{name}'", $"{found.Values[odd]} at {odd}", "write the file again");
        _parts.Add((at, found.Values));
    }

    private static string Text<T>(IEnumerable<T> shape) => $"[{string.Join(", ", shape)}]";

    private static string Listed(IEnumerable<string> names)
    {
        const int shown = 4;
        string[] all = [.. names.Select(VisibleText.InLine)];
        return all.Length <= shown ? string.Join(", ", all) : $"{string.Join(", ", all.Take(shown))} and {all.Length - shown} more";
    }
}
