using Cluster.Ml.Clustering;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning.Compression;
using Cluster.Ml.Linear;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Embeddings;
using Cluster.Ml.Nn.Language;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Learning;

/// <summary>Makes the learner that a job names.</summary>
public static class Learners
{
    /// <summary>The element type in which the job's data must be prepared: single precision for networks, double for statistics.</summary>
    public static NumberKind NumbersFor(JobSpec spec) =>
        ModelKinds.FollowsGradients(spec.Model.Kind) && spec.Training.Optimizer.Kind != "newton" ? NumberKind.Float32 : NumberKind.Float64;

    /// <summary>The learner of a job for data of this shape.</summary>
    /// <exception cref="BadInputException">The model does not fit the data.</exception>
    /// <exception cref="ArgumentException">The kind of model is unknown; a job that was read from text never has one.</exception>
    public static ILearner Create(JobSpec spec, DataShape shape) => spec.Training.Compression is { } compression
        ? new CompressedLearner(CreateExact(spec, shape), compression, spec.Seed)
        : CreateExact(spec, shape);

    private static ILearner CreateExact(JobSpec spec, DataShape shape) => spec.Training.Mode is TrainingMode.LocalSgd local
        ? new LocalSgdLearner(CreateAlone(spec, shape), local.Steps, spec.Training.Batch / spec.Training.MicroBatches)
        : CreateAlone(spec, shape);

    /// <summary>The learner of the job's model alone, whatever wraps it for the exchange between workers and parameter server.</summary>
    /// <inheritdoc cref="Create"/>
    public static ILearner CreateAlone(JobSpec spec, DataShape shape) => spec.Model.Kind switch
    {
        ModelKinds.LinearRegression => LinearRegressionLearner.Create(spec, shape),
        ModelKinds.KMeans => KMeansLearner.Create(spec, shape),
        ModelKinds.Logistic when spec.Training.Optimizer.Kind == "newton" => LogisticNewtonLearner.Create(spec, shape),
        ModelKinds.LanguageModel => LanguageLearner.Create(spec, shape),
        ModelKinds.Word2Vec => Word2VecLearner.Create(spec, shape),
        string kind when ModelKinds.FollowsGradients(kind) => NetworkLearner.Create(
            spec, shape, PrivacyPlan.For(spec, shape.TrainingExamples)?.NoiseMultiplier ?? 0),
        _ => throw new ArgumentException($"Learners: wanted one of {string.Join(", ", ModelKinds.All)}, got {spec.Model.Kind}.", nameof(spec)),
    };
}
