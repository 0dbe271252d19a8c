using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Nn;

/// <summary>Turns a job's description of a network into layers and a loss.</summary>
internal static class NetworkPlan
{
    /// <summary>The network of a job.</summary>
    /// <exception cref="ArgumentException">The kind is not a network, or does not fit the data.</exception>
    public static Network Build(JobSpec spec, DataShape shape)
    {
        if (shape.Features < 1) throw new ArgumentException("NetworkLearner: wanted at least one feature, got none.", nameof(shape));
        return spec.Model.Kind switch
        {
            "mlp" => Perceptron(spec.Model.Layers, shape),
            "softmax" => Linear(shape.Features, Classes(spec, shape, 2), new SoftmaxCrossEntropy()),
            "logistic" when shape.Classes.Count == 2 => Linear(shape.Features, 1, new SigmoidCrossEntropy()),
            "logistic" => throw new ArgumentException(
                $"NetworkLearner: logistic: wanted a target of 2 classes, got {shape.Classes.Count}; use softmax.", nameof(shape)),
            _ => throw new ArgumentException($"NetworkLearner: wanted mlp, softmax or logistic, got {spec.Model.Kind}.", nameof(spec)),
        };
    }

    // One convex layer: a start at zero needs no chance and is as good as any.
    private static Network Linear(int inputs, int outputs, Loss loss) =>
        new([new Dense(inputs, outputs, Activation.Named("none"), WeightStart.Zero)], loss);

    private static Network Perceptron(IReadOnlyList<LayerSpec> hidden, DataShape shape)
    {
        List<Layer> layers = [];
        int width = shape.Features, unit = 0, units = DroppedUnits(hidden, shape.Features);
        foreach (LayerSpec layer in hidden)
            switch (layer)
            {
                case LayerSpec.Dense dense:
                    Activation activation = Activation.Named(dense.Activation);
                    layers.Add(new Dense(width, dense.Units, activation, StartBefore(dense.Activation)));
                    width = dense.Units;
                    break;
                case LayerSpec.Dropout dropout:
                    layers.Add(new Dropout(width, dropout.Rate, unit, units));
                    unit += width;
                    break;
                default:
                    throw new ArgumentException($"NetworkLearner: wanted dense or dropout layers, got {layer}.", nameof(hidden));
            }
        (int outputs, Loss loss) = shape.Classes.Count switch
        {
            0 => (1, (Loss)new SquaredError()),
            1 => throw new ArgumentException($"NetworkLearner: wanted at least 2 classes, got only {shape.Classes[0]}.", nameof(shape)),
            int classes => (classes, new SoftmaxCrossEntropy()),
        };
        layers.Add(new Dense(width, outputs, Activation.Named("none"), WeightStart.GlorotUniform));
        return new Network(layers, loss);
    }

    private static int Classes(JobSpec spec, DataShape shape, int least) => shape.Classes.Count >= least
        ? shape.Classes.Count
        : throw new ArgumentException($"NetworkLearner: {spec.Model.Kind}: wanted a target of at least {least} classes, got {shape.Classes.Count}.", nameof(shape));

    private static WeightStart StartBefore(string activation) =>
        activation is "relu" or "leaky-relu" ? WeightStart.HeNormal : WeightStart.GlorotUniform;

    private static int DroppedUnits(IReadOnlyList<LayerSpec> layers, int features)
    {
        (int width, int units) = (features, 0);
        foreach (LayerSpec layer in layers)
        {
            if (layer is LayerSpec.Dense dense) width = dense.Units;
            if (layer is LayerSpec.Dropout) units += width;
        }
        return units;
    }
}
