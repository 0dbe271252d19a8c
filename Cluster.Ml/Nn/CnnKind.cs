using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Nn;

/// <summary>A network with layers that look at images.</summary>
internal sealed class CnnKind : NetworkKind
{
    public override string Name => "cnn";

    public override string Meaning => "a network whose layers look at images, to classes";

    internal override KeySet Options => NetworkOptions.OfClasses;

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.Class;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Class;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Figure.OfClasses;

    internal override NetworkModel Build(JobSpec spec, DataShape shape) => NetworkFactory.Layered(spec, shape);
}
