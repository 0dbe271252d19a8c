using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Losses;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Linear;

/// <summary>Logistic regression of two classes: down its gradient, or by Newton's steps over all rows.</summary>
internal sealed class LogisticKind : NetworkKind
{
    private const string Newton = "newton";

    public override string Name => "logistic";

    public override string Meaning => "the probability of one of two classes, linear in the log-odds";

    public override int ClassesMax => 2;

    internal override IReadOnlyList<string> Optimizers => [.. base.Optimizers, Newton];

    public override LearnerForm FormOf(string optimizer) => optimizer == Newton
        ? LearnerForm.AllRows($"{Name} with {Newton}").With(Capability.Optimizer)
        : base.FormOf(optimizer);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) =>
        spec.Training.Optimizer.Kind == Newton ? LogisticNewtonLearner.Create(spec, shape) : base.Create(spec, shape, secret);

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.Class;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Class;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Figure.OfClasses;

    internal override NetworkModel Build(JobSpec spec, DataShape shape) => NetworkFactory.TwoClasses(spec, shape, new SigmoidCrossEntropy());
}
