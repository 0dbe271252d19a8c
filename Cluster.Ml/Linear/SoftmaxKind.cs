using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Linear;

/// <summary>Softmax regression.</summary>
internal sealed class SoftmaxKind : NetworkKind
{
    public override string Name => "softmax";

    public override string Meaning => "the probability of each of any number of classes, linear in the log-odds";

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.Class;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Class;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Figure.OfClasses;

    internal override NetworkModel Build(JobSpec spec, DataShape shape) =>
        NetworkFactory.Linear(spec, shape, NetworkFactory.Classes(spec, shape, 2), new SoftmaxCrossEntropy());
}
