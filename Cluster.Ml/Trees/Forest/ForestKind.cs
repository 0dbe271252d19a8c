using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Trees.Forest;

/// <summary>The mean of many trees, each of other rows and columns.</summary>
internal sealed class ForestKind : LearnerKind
{
    public override string Name => "forest";

    public override string Meaning => "the mean of many trees, each of other rows and columns, to classes or to a number";

    internal override KeySet Options => ForestOptions.Declared;

    public override TargetKind TargetOf(ModelOptions options) => Regresses(options) ? TargetKind.Number : TargetKind.Class;

    public override OutputForm OutputOf(ModelOptions options) => Regresses(options) ? OutputForm.Number : OutputForm.Class;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Regresses(options) ? Figure.OfNumbers : Figure.OfClasses;

    internal override int? EpochsOf(ModelOptions options) => options is ForestOptions forest ? forest.Trees : null;

    public override LearnerForm FormOf(string optimizer) => LearnerForm.AllRows(Name)
        .Without($"with kind: {Name}", "model.depth and model.leaf-rows hold trees back; remove it", Capability.Penalties).With(Capability.Onnx);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => ForestLearner.Create(spec, shape);

    private static bool Regresses(ModelOptions options) => options is ForestOptions { Regresses: true };
}
