using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear.QuasiNewton;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Losses;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Linear;

/// <summary>Softmax regression: down its gradient, or by L-BFGS over all rows.</summary>
internal sealed class SoftmaxKind : NetworkKind
{
    public override string Name => "softmax";

    public override string Meaning => "the probability of each of any number of classes, linear in the log-odds";

    internal override IReadOnlyList<string> Optimizers => [.. base.Optimizers, LogLinearLearner.Optimizer];

    public override LearnerForm FormOf(string optimizer) => optimizer == LogLinearLearner.Optimizer
        ? LearnerForm.AllRows($"{Name} with {optimizer}").With(Capability.Optimizer, Capability.Onnx)
        : base.FormOf(optimizer);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) =>
        spec.Training.Optimizer.Kind == LogLinearLearner.Optimizer ? LogLinearLearner.Create(spec, shape) : base.Create(spec, shape, secret);

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.Class;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Class;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Figure.OfClasses;

    internal override NetworkModel Build(JobSpec spec, DataShape shape) =>
        NetworkFactory.Linear(spec, shape, NetworkFactory.Classes(spec, shape, 2), new SoftmaxCrossEntropy());
}
