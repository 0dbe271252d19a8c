using Cluster.Ml.Aggregation.Robust;
using Cluster.Ml.Compression;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Learning;

/// <summary>Makes the learner that a job names.</summary>
public static class Learners
{
    /// <summary>The element type in which the job's data must be prepared: single precision for networks, double for statistics.</summary>
    public static NumberKind NumbersFor(JobSpec spec) => spec.Form.Numbers;

    /// <summary>The learner of a job for data of this shape.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="shape">Sizes and class names of its data.</param>
    /// <param name="secret">What the noise of a private job is drawn from; null if this learner takes no step.</param>
    /// <exception cref="BadInputException">The model does not fit the data.</exception>
    /// <exception cref="ArgumentException">The kind of model is unknown; a job that was read from text never has one.</exception>
    public static ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret = null) => WithinBounds(spec, () => spec.Training.KeepsApart
        ? new RobustLearner(Compressible(spec, CreateAlone(spec, shape, secret)), spec.Training.MicroBatches, spec.Training.Aggregate, spec.Training.Attack, spec.Seed)
        : spec.Training.Compression is { } compression ? new CompressedLearner(Compressible(spec, CreateExact(spec, shape, secret)), compression, spec.Seed)
        : CreateExact(spec, shape, secret));

    private static ILearner CreateExact(JobSpec spec, DataShape shape, PrivacySecret? secret) => spec.Training.Mode is TrainingMode.LocalSgd local
        ? new LocalSgdLearner(CreateAlone(spec, shape), local.Steps, spec.Training.Batch / spec.Training.MicroBatches)
        : CreateAlone(spec, shape, secret);

    private static ICompressible Compressible(JobSpec spec, ILearner learner) => learner as ICompressible
        ?? throw new ArgumentException($"Learners: wanted a learner whose contributions can be compressed, got {spec.Model.Kind}.", nameof(learner));

    /// <summary>The learner of the job's model alone, whatever wraps it for the exchange between workers and parameter server.</summary>
    /// <inheritdoc cref="Create"/>
    public static ILearner CreateAlone(JobSpec spec, DataShape shape, PrivacySecret? secret = null) =>
        WithinBounds(spec, () => spec.Learner.Create(spec, shape, secret));

    /// <summary>Vectors have at most 2³¹ − 1 numbers; lengths are computed so that a longer one overflows.</summary>
    private static ILearner WithinBounds(JobSpec spec, Func<ILearner> create)
    {
        try
        {
            ILearner learner = create();
            foreach (int length in (int[])[learner.StateLength, learner.OptimizerStateLength, learner.ContributionLength])
                if (length < 0) throw new OverflowException();
            return learner;
        }
        catch (OverflowException beyond)
        {
            throw new BadInputException(
                spec.Name, null, null, $"a model whose state, optimizer state, gradient and layers have at most {int.MaxValue} numbers each", "a larger one",
                "use fewer or smaller layers", beyond);
        }
    }
}
