using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Initializers;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Nn;

/// <summary>Turns a job's description of a network into layers, costs and objectives.</summary>
internal static class NetworkFactory
{
    /// <summary>The model of a job.</summary>
    /// <exception cref="ArgumentException">The kind is not a network, or does not fit the data.</exception>
    /// <exception cref="BadInputException">A layer does not fit the data or another layer.</exception>
    public static NetworkModel Build(JobSpec spec, DataShape shape)
    {
        if (shape.Features < 1) throw new ArgumentException("NetworkLearner: wanted at least one feature, got none.", nameof(shape));
        return spec.Learner is NetworkKind kind
            ? kind.Build(spec, shape)
            : throw new ArgumentException($"NetworkLearner: wanted a kind of network, got {spec.Model.Kind}.", nameof(spec));
    }

    /// <summary>One convex layer. A start at zero needs no randomness and is as good as any.</summary>
    public static NetworkModel Linear(JobSpec spec, DataShape shape, int outputs, Loss loss)
    {
        ParameterLayout layout = new();
        NetworkBuilder builder = new(layout, TensorShape.Of(shape.Features));
        builder.Add(new Dense(TensorShape.Of(shape.Features), outputs, Identity.Declared, Initializer.Zero), NetworkBuilder.Input);
        return Predicting(spec, shape, layout, builder.Cost(builder.Last, loss).Build());
    }

    /// <summary>One convex layer with one output, which tells two classes apart.</summary>
    public static NetworkModel TwoClasses(JobSpec spec, DataShape shape, Loss loss) => shape.Classes.Count == 2
        ? Linear(spec, shape, 1, loss)
        : throw new ArgumentException($"NetworkLearner: {spec.Model.Kind}: wanted a target of 2 classes, got {shape.Classes.Count}; use softmax.", nameof(shape));

    /// <summary>The layers that the job describes, and an output for each class, or for the value.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="shape">Sizes and class names of its data.</param>
    /// <param name="ofValues">What a value costs; null for the squared error.</param>
    public static NetworkModel Layered(JobSpec spec, DataShape shape, Loss? ofValues = null)
    {
        NetworkOptions options = spec.Model.As<NetworkOptions>();
        ParameterLayout layout = new();
        NetworkBuilder builder = new(layout, LayerPlan.InputOf(options.Layers, shape));
        LayerPlan plan = new(spec.Name, builder);
        int last = plan.Add(options.Layers, NetworkBuilder.Input);
        if (builder.ShapeOf(last) is { Rank: > 1 } several)
            throw new BadInputException(
                spec.Name, null, null, "numbers in a row before the output layer", $"{(several.Rank == 3 ? "images" : "moments")} of {several}",
                "add { flatten: true } to the end of model.layers");
        (int outputs, Loss loss) = shape.Classes.Count switch
        {
            0 => (1, ofValues ?? new SquaredError()),
            1 => throw new ArgumentException($"NetworkLearner: wanted at least 2 classes, got only {shape.Classes[0]}.", nameof(shape)),
            int classes => (classes, new SoftmaxCrossEntropy()),
        };
        int? domain = options.Adapt is { } adapt ? AddDomain(spec, adapt, shape, builder, adapt.From is { } name ? plan.TensorOf(name) : last) : null;
        last = builder.Add(new Dense(builder.ShapeOf(last), outputs, Identity.Declared, Initializer.GlorotUniform), last);
        builder.Cost(last, domain is null ? loss : new MaskedLoss(loss));
        if (domain is { } told) builder.Cost(told, new DomainLoss(OtherWeight(shape)));
        return Predicting(spec, shape, layout, plan.Build());
    }

    /// <summary>The classes of the data, which must be so many at least.</summary>
    public static int Classes(JobSpec spec, DataShape shape, int least) => shape.Classes.Count >= least
        ? shape.Classes.Count
        : throw new ArgumentException($"NetworkLearner: {spec.Model.Kind}: wanted a target of at least {least} classes, got {shape.Classes.Count}.", nameof(shape));

    /// <summary>What tells the domains apart, above a reversal: what is below learns to keep it from doing so.</summary>
    private static int AddDomain(JobSpec spec, AdaptSpec adapt, DataShape shape, NetworkBuilder builder, int source)
    {
        int local = spec.Training.Mode is TrainingMode.LocalSgd mode ? mode.Steps : 1;
        long steps = BatchPlan.For(spec, Math.Max(1, shape.TrainingExamples), fullBatch: false).StepsPerEpoch * spec.Training.Epochs * local;
        LayerPlan plan = new(spec.Name, builder);
        TensorShape features = builder.ShapeOf(source);
        int last = builder.Add(new GradientReversal(features, adapt.Weight, steps), source);
        if (features.Rank > 1) last = builder.Add(new Reshape(features, TensorShape.Of(features.Count)), last);
        last = plan.Add(adapt.Layers, last);
        return plan.Add(new Dense(builder.ShapeOf(last), 1, Identity.Declared, Initializer.GlorotUniform), last);
    }

    private static double OtherWeight(DataShape shape) =>
        shape.UnlabelledExamples == 0 ? 1 : (double)(shape.TrainingExamples - shape.UnlabelledExamples) / shape.UnlabelledExamples;

    /// <summary>A model of one objective, whose first head predicts the target.</summary>
    private static NetworkModel Predicting(JobSpec spec, DataShape shape, ParameterLayout layout, Network network)
    {
        Head head = network.Heads[0];
        return new NetworkModel(
            layout, [new Objective("training", network, spec.Training.Optimizer.Create())], network,
            new PredictionQuality(head, head.Loss.Classifies ? shape.Classes.Count : 0));
    }
}
