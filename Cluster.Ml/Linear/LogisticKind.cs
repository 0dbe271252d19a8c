using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear.QuasiNewton;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Losses;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Linear;

/// <summary>Logistic regression of two classes: down its gradient, or by Newton's steps or L-BFGS over all rows.</summary>
internal sealed class LogisticKind : NetworkKind
{
    private const string Newton = "newton";

    public override string Name => "logistic";

    public override string Meaning => "the probability of one of two classes, linear in the log-odds";

    public override int ClassesMax => 2;

    internal override IReadOnlyList<string> Optimizers => [.. base.Optimizers, Newton, LogLinearLearner.Optimizer];

    public override LearnerForm FormOf(string optimizer) => optimizer is Newton or LogLinearLearner.Optimizer
        ? LearnerForm.AllRows($"{Name} with {optimizer}").With(Capability.Optimizer, Capability.Onnx)
        : base.FormOf(optimizer);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => spec.Training.Optimizer.Kind switch
    {
        Newton => LogisticNewtonLearner.Create(spec, shape),
        LogLinearLearner.Optimizer => LogLinearLearner.Create(spec, shape, outputs: 1),
        _ => base.Create(spec, shape, secret),
    };

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.Class;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Class;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Figure.OfClasses;

    internal override NetworkModel Build(JobSpec spec, DataShape shape) => NetworkFactory.TwoClasses(spec, shape, new SigmoidCrossEntropy());
}
