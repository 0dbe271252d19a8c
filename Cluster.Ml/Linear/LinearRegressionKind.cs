using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Linear;

/// <summary>Least squares in one step over all rows.</summary>
internal sealed class LinearRegressionKind : LearnerKind
{
    public override string Name => "linear-regression";

    public override string Meaning => "a straight line to a number, by least squares";

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.Number;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Number;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Figure.OfNumbers;

    public override LearnerForm FormOf(string optimizer) => LearnerForm.AllRows(Name).With(Capability.Onnx);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => LinearRegressionLearner.Create(spec, shape);
}
