using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Trees;

/// <summary>A decision tree, of classes or of numbers.</summary>
internal sealed class TreeKind : LearnerKind
{
    private static readonly Figure[] s_ofClasses = [Figure.Accuracy, Figure.LogLoss];      // the log-loss of a leaf of one class says little

    public override string Name => "tree";

    public override string Meaning => "questions about single columns, to classes or to a number";

    internal override KeySet Options => TreeOptions.Declared;

    public override TargetKind TargetOf(ModelOptions options) => Regresses(options) ? TargetKind.Number : TargetKind.Class;

    public override OutputForm OutputOf(ModelOptions options) => Regresses(options) ? OutputForm.Number : OutputForm.Class;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Regresses(options) ? Figure.OfNumbers : s_ofClasses;

    internal override int? EpochsOf(ModelOptions options) => options is TreeOptions tree ? tree.Depth : null;

    public override LearnerForm FormOf(string optimizer) => LearnerForm.AllRows(Name)
        .Without($"with kind: {Name}", "model.pruning is what a tree has in its place; remove it", Capability.Penalties).With(Capability.Onnx);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => TreeLearner.Create(spec, shape);

    private static bool Regresses(ModelOptions options) => options is TreeOptions { Regresses: true };
}
