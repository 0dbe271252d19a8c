using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Nn;

/// <summary>A network of fully connected layers, or of any others.</summary>
internal sealed class MlpKind : NetworkKind
{
    public override string Name => "mlp";

    public override string Meaning => "a network of layers, to classes or to a number";

    internal override KeySet Options => NetworkOptions.OfClassesOrNumbers;

    public override TargetKind TargetOf(ModelOptions options) => Regresses(options) ? TargetKind.Number : TargetKind.Class;

    public override OutputForm OutputOf(ModelOptions options) => Regresses(options) ? OutputForm.Number : OutputForm.Class;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Regresses(options) ? Figure.OfNumbers : Figure.OfClasses;

    internal override NetworkModel Build(JobSpec spec, DataShape shape) => NetworkFactory.Layered(spec, shape);

    private static bool Regresses(ModelOptions options) => options is NetworkOptions { Regresses: true };
}
