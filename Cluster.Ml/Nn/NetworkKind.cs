using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Nn;

/// <summary>A kind of learner that is a graph of layers and follows gradients.</summary>
internal abstract class NetworkKind : LearnerKind
{
    public override LearnerForm FormOf(string optimizer) => LearnerForm.Gradients(Name);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) =>
        NetworkLearner.Create(spec, shape, PrivacyPlan.For(spec, shape.TrainingExamples)?.NoiseMultiplier ?? 0, secret);

    /// <summary>Layers, costs and objectives of a job.</summary>
    /// <exception cref="ArgumentException">The model does not fit the data.</exception>
    /// <exception cref="BadInputException">A layer does not fit the data or another layer.</exception>
    internal abstract NetworkModel Build(JobSpec spec, DataShape shape);
}
