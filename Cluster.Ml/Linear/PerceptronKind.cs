using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Linear;

/// <summary>Rosenblatt's perceptron.</summary>
internal sealed class PerceptronKind : NetworkKind
{
    public override string Name => "perceptron";

    public override string Meaning => "a line between two classes, moved by the examples on its wrong side";

    public override int ClassesMax => 2;

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.Class;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Class;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Figure.OfClasses;

    internal override NetworkModel Build(JobSpec spec, DataShape shape) => NetworkFactory.TwoClasses(spec, shape, new PerceptronCriterion());
}
