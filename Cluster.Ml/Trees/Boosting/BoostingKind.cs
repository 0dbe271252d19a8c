using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Trees.Boosting;

/// <summary>Many small trees, each of which corrects those before it.</summary>
internal sealed class BoostingKind : LearnerKind
{
    public override string Name => "boosting";

    public override string Meaning => "many small trees, each correcting those before it, to classes or to a number";

    internal override KeySet Options => BoostingOptions.Declared;

    public override TargetKind TargetOf(ModelOptions options) => Regresses(options) ? TargetKind.Number : TargetKind.Class;

    public override OutputForm OutputOf(ModelOptions options) => Regresses(options) ? OutputForm.Number : OutputForm.Class;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Regresses(options) ? Figure.OfNumbers : Figure.OfClasses;

    internal override int? EpochsOf(ModelOptions options) => options is BoostingOptions boosting ? boosting.Rounds : null;

    public override LearnerForm FormOf(string optimizer) => LearnerForm.AllRows(Name)
        .Without($"with kind: {Name}", "model.rate and model.leaf-rows hold trees back; remove it", Capability.Penalties).With(Capability.Onnx);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => BoostingLearner.Create(spec, shape);

    private static bool Regresses(ModelOptions options) => options is BoostingOptions { Regresses: true };
}
