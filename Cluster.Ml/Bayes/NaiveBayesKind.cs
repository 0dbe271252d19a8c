using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Bayes;

/// <summary>Naive Bayes, in one step over all rows.</summary>
internal sealed class NaiveBayesKind : LearnerKind
{
    public override string Name => "naive-bayes";

    public override string Meaning => "a class, from columns that are independent within each class";

    internal override KeySet Options => NaiveBayesOptions.Declared;

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.Class;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Class;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Figure.OfClasses;

    public override LearnerForm FormOf(string optimizer) => LearnerForm.AllRows(Name)
        .Without($"with kind: {Name}", "model.smoothing keeps its estimates from extremes; remove it", Capability.Penalties).With(Capability.Onnx);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => NaiveBayesLearner.Create(spec, shape);
}
