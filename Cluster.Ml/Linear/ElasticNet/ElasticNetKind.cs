using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Linear.ElasticNet;

/// <summary>The elastic net, from one pass over all rows.</summary>
/// <remarks>
/// Objective    (1/2n) Σ(y − b₀ − xᵀb)² + α·(ρ·Σ|bⱼ| + (1 − ρ)/2·Σbⱼ²); the intercept is not penalised
/// Assumptions  features on one scale, since each coefficient is penalised alike
/// Complexity   fit O(n·p²), then O(p) for each coefficient that moves; predict O(p) a row
/// Determinism  as <see cref="LinearRegressionLearner"/>; then coordinates in order (<see cref="LassoDescent"/>)
/// Source       Zou and Hastie, "Regularization and Variable Selection via the Elastic Net", J. R. Stat. Soc. B 67 (2005), the naive elastic
///              net; α and ρ as in scikit-learn's ElasticNet
/// </remarks>
internal sealed class ElasticNetKind : LearnerKind
{
    public override string Name => "elastic-net";

    public override string Meaning => "a straight line to a number, by least squares with few and small coefficients";

    internal override KeySet Options => ElasticNetOptions.Declared;

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.Number;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Number;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Figure.OfNumbers;

    public override LearnerForm FormOf(string optimizer) => LearnerForm.AllRows(Name)
        .Without($"with kind: {Name}", "model.alpha and model.l1-ratio are its penalty; remove it", Capability.Penalties).With(Capability.Onnx);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret)
    {
        ElasticNetOptions options = spec.Model.As<ElasticNetOptions>();
        return LinearRegressionLearner.Create(spec, shape, LinearObjective.OfElasticNet(Name, options.Alpha, options.L1Ratio));
    }
}
