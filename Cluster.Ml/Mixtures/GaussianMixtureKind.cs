using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Mixtures;

/// <summary>A mixture of Gaussians by EM.</summary>
internal sealed class GaussianMixtureKind : LearnerKind
{
    private static readonly Figure[] s_figures =
    [
        new("log-likelihood", Better.Higher, "mean of ln of the density of a row, nats, in scaled units"),
        new("bic", Better.Lower, "Bayesian information criterion: parameters x ln rows - 2 x sum of ln densities") { JudgesTraining = true },
        new("aic", Better.Lower, "Akaike's information criterion: 2 x parameters - 2 x sum of ln densities") { JudgesTraining = true },
    ];

    public override string Name => "gaussian-mixture";

    public override string Meaning => "groups of rows that overlap, each a Gaussian, and the density of a row";

    internal override KeySet Options => GaussianMixtureOptions.Declared;

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.None;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Cluster;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => s_figures;

    public override LearnerForm FormOf(string optimizer) => LearnerForm.AllRows(Name)
        .Without($"with kind: {Name}", "model.regularize keeps its variances above 0; remove it", Capability.Penalties).With(Capability.Onnx);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) => GaussianMixtureLearner.Create(spec, shape);
}
