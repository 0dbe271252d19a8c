using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Linear.Ridge;

/// <summary>Ridge regression, in one step over all rows.</summary>
/// <remarks>
/// Objective    Σ(y − b₀ − xᵀb)² + α·Σbⱼ²; the intercept is not penalised
/// Assumptions  features on one scale, since each coefficient is penalised alike
/// Complexity   fit O(n·p²), predict O(p) a row
/// Determinism  as <see cref="LinearRegressionLearner"/>, which solves it with p rows √α·eⱼ below those of the data
/// Source       Hoerl and Kennard, "Ridge Regression", Technometrics 12 (1970); α as in scikit-learn's Ridge
/// </remarks>
internal sealed class RidgeKind : LearnerKind
{
    public override string Name => "ridge";

    public override string Meaning => "a straight line to a number, by least squares with small coefficients";

    internal override KeySet Options => RidgeOptions.Declared;

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.Number;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Number;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Figure.OfNumbers;

    public override LearnerForm FormOf(string optimizer) => LearnerForm.AllRows(Name)
        .Without($"with kind: {Name}", "model.alpha is its penalty; remove it", Capability.Penalties).With(Capability.Onnx);

    public override ILearner Create(JobSpec spec, DataShape shape, PrivacySecret? secret) =>
        LinearRegressionLearner.Create(spec, shape, new LinearObjective(Name, 0, 0, spec.Model.As<RidgeOptions>().Alpha));
}
