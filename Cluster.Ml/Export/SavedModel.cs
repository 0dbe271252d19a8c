using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Export;

/// <summary>A trained model with all that is needed to use it.</summary>
/// <param name="Spec">The job that it was trained by.</param>
/// <param name="Shape">The shape of the data that it was trained on.</param>
/// <param name="Preprocessing">What must be done to new rows.</param>
/// <param name="Model">State and figures.</param>
public sealed record SavedModel(JobSpec Spec, DataShape Shape, Preprocessing Preprocessing, TrainedModel Model)
{
    /// <summary>The learner that the state belongs to.</summary>
    /// <exception cref="BadInputException">The state has another length than this version's learner.</exception>
    public ILearner CreateLearner()
    {
        ILearner learner = Learners.CreateAlone(Spec, Shape);
        if (learner.Numbers != Model.State.Kind || learner.StateLength != Model.State.Length)
            throw new BadInputException(
                Spec.Name, null, null, $"a state of {learner.Numbers}[{learner.StateLength}] for {Spec.Model.Kind}",
                $"{Model.State.Kind}[{Model.State.Length}]", "train the model again with this version");
        return learner;
    }
}
