using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Export.Arrays;

/// <summary>All numbers of a model as named tensors: its state, what `inspect` tells of it by name, and how rows are scaled.</summary>
/// <remarks>
/// Names  of a network layers.N.weight and layers.N.bias; of others state, the whole state, and what they learned by name (coefficients,
///        centroids), in units of the source's columns; scaler.offsets and scaler.divisors: x ← (x − offset) / divisor, absent where 0 or 1
/// </remarks>
internal static class ModelTensors
{
    public static IReadOnlyList<NamedTensor> Of(SavedModel saved)
    {
        ILearner learner = saved.CreateLearner();
        NumericBuffer state = saved.Model.State;
        List<NamedTensor> tensors = [];
        if (learner is ITensorSource source) tensors.AddRange(source.Tensors(state));
        else tensors.Add(state.Kind == NumberKind.Float32 ? NamedTensor.Of("state", [state.Length], state.Floats) : NamedTensor.Of("state", [state.Length], state.Doubles));
        if (learner is ILearnedNumbers learned)
            foreach (LearnedNumbers numbers in learned.Learned(state, saved.Preprocessing))
                tensors.Add(NamedTensor.Of(numbers.Name, numbers.Shape, numbers.Values.ToArray()));
        AddScaling(tensors, "scaler.offsets", saved.Preprocessing.Scaler.Offsets);
        AddScaling(tensors, "scaler.divisors", saved.Preprocessing.Scaler.Divisors);
        return tensors;
    }

    private static void AddScaling(List<NamedTensor> tensors, string name, IReadOnlyList<double> values)
    {
        if (values.Count > 0) tensors.Add(NamedTensor.Of(name, [values.Count], values.ToArray()));
    }
}
