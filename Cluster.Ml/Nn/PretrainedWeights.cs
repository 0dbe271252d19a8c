using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Nn.Graph;

namespace Cluster.Ml.Nn;

/// <summary>Parameters of a trained model that another begins with: transfer learning.</summary>
/// <remarks>
/// Equation  block i of the new model starts as block i of the trained one, for all blocks but the last of the new model, as long as
///           both have the same number of weights and biases
/// Source    Yosinski et al., "How transferable are features in deep neural networks?", NIPS 2014
/// </remarks>
internal sealed class PretrainedWeights
{
    private readonly ReadOnlyMemory<float> _parameters;

    private PretrainedWeights(ReadOnlyMemory<float> parameters) => _parameters = parameters;

    /// <summary>Reads what a model begins with.</summary>
    /// <param name="path">A model file.</param>
    /// <param name="layout">The parameters of the new model.</param>
    /// <exception cref="BadInputException">The file cannot be read, or its model shares no first layer with the new one.</exception>
    public static PretrainedWeights Read(string path, ParameterLayout layout)
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
        return new PretrainedWeights(saved.Model.State.Floats[..count].ToArray());
    }

    /// <summary>Overwrites the first parameters.</summary>
    public void CopyTo(Span<float> parameters) => _parameters.Span.CopyTo(parameters);
}
