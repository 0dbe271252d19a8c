using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.SupportVectors;

/// <summary>A support vector machine, of classes or of numbers.</summary>
internal sealed class SupportVectorKind : LearnerKind
{
    private static readonly Figure[] s_ofClasses = [Figure.Accuracy];      // it gives no probabilities, so that there is no log-loss

    public override string Name => "svm";

    public override string Meaning => "the widest margin between classes, or a band about numbers, in the space of a kernel";

    internal override KeySet Options => SupportVectorOptions.Declared;

    public override TargetKind TargetOf(ModelOptions options) => Regresses(options) ? TargetKind.Number : TargetKind.Class;

    public override OutputForm OutputOf(ModelOptions options) => Regresses(options) ? OutputForm.Number : OutputForm.Class;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Regresses(options) ? Figure.OfNumbers : s_ofClasses;

    public override LearnerForm FormOf(string optimizer) => LearnerForm.AllRows(Name)
        .Without($"with kind: {Name}", "model.c weighs errors against its penalty; remove it", Capability.Penalties).With(Capability.Onnx);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => SupportVectorLearner.Create(spec, shape);

    private static bool Regresses(ModelOptions options) => options is SupportVectorOptions { Regresses: true };
}
