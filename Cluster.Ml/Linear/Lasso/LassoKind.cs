using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Linear.Lasso;

/// <summary>The lasso, from one pass over all rows.</summary>
/// <remarks>
/// Objective    (1/2n) Σ(y − b₀ − xᵀb)² + α·Σ|bⱼ|; the intercept is not penalised
/// Assumptions  features on one scale, since each coefficient is penalised alike
/// Complexity   fit O(n·p²), then O(p) for each coefficient that moves; predict O(p) a row
/// Determinism  as <see cref="LinearRegressionLearner"/>; then coordinates in order (<see cref="LassoDescent"/>)
/// Source       Tibshirani, "Regression Shrinkage and Selection via the Lasso", J. R. Stat. Soc. B 58 (1996); α as in scikit-learn's Lasso
/// </remarks>
internal sealed class LassoKind : LearnerKind
{
    public override string Name => "lasso";

    public override string Meaning => "a straight line to a number, by least squares with few coefficients";

    internal override KeySet Options => LassoOptions.Declared;

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.Number;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Number;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Figure.OfNumbers;

    public override LearnerForm FormOf(string optimizer) => LearnerForm.AllRows(Name)
        .Without($"with kind: {Name}", "model.alpha is its penalty; remove it", Capability.Penalties).With(Capability.Onnx);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) =>
        LinearRegressionLearner.Create(spec, shape, LinearObjective.OfElasticNet(Name, spec.Model.As<LassoOptions>().Alpha, 1));
}
