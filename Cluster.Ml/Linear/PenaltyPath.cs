using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Linear;

/// <summary>A model of a path of penalties.</summary>
/// <param name="Alpha">Weight of the penalty.</param>
/// <param name="Intercept">b₀.</param>
/// <param name="Coefficients">b, of the columns as they were scaled; [features].</param>
/// <param name="Gap">The duality gap that is left as a share of what the columns can explain.</param>
/// <param name="Training">Its figures on the training rows.</param>
/// <param name="Validation">Its figures on the validation rows; none without them.</param>
public sealed record PathModel(double Alpha, double Intercept, IReadOnlyList<double> Coefficients, double Gap, Metrics Training, Metrics Validation)
{
    /// <summary>How many coefficients are not 0.</summary>
    public int Chosen => Coefficients.Count(coefficient => coefficient != 0);
}

/// <summary>A lasso or an elastic net for a descending sequence of penalties, from the one that leaves no coefficient.</summary>
/// <remarks>
/// Equation     α₀ = maxⱼ |Σᵢ (xᵢⱼ − x̄ⱼ)(yᵢ − ȳ)| / (n·ρ), αₖ = α₀·s^(k/(K − 1)), k = 0 … K − 1, with the smallest share s
/// Cost         one pass over the rows, then for each penalty a descent that starts at the model of the one before
/// Determinism  the pass is that of training: the same triangular factor, in the order of the micro-batches
/// Source       Friedman, Hastie, Tibshirani, "Regularization Paths for Generalized Linear Models via Coordinate Descent", J. Stat. Softw. 33 (2010), § 2.5;
///              α, ρ and s as in scikit-learn's lasso_path and enet_path
/// </remarks>
public static class PenaltyPath
{
    /// <summary>The most penalties of a path.</summary>
    public const int CountMax = 1000;

    /// <summary>The path of a job whose model is a lasso or an elastic net; its own alpha is not used.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="data">Its data, in double precision.</param>
    /// <param name="count">K, 2 to <see cref="CountMax"/>.</param>
    /// <param name="smallest">s, above 0 and below 1.</param>
    /// <exception cref="BadInputException">It is another kind of model, or nothing depends on any column.</exception>
    public static IReadOnlyList<PathModel> Of(JobSpec spec, PreparedData data, int count, double smallest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        return Of(spec, data, largest => largest > 0
            ? [.. Enumerable.Range(0, count).Select(k => largest * Math.Pow(smallest, k / (count - 1.0)))]
            : throw new BadInputException(spec.Data.Source, null, null, "a column that the target depends on", "none", "look at the columns with `cluster describe`"));
    }

    /// <summary>The path of given penalties.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="data">Its data, in double precision.</param>
    /// <param name="alphas">Above 0, descending.</param>
    internal static IReadOnlyList<PathModel> Of(JobSpec spec, PreparedData data, params IReadOnlyList<double> alphas) => Of(spec, data, _ => alphas);

    private static List<PathModel> Of(JobSpec spec, PreparedData data, Func<double, IReadOnlyList<double>> alphasOf)
    {
        double ratio = RatioOf(spec);
        LinearRegressionLearner learner = (LinearRegressionLearner)Learners.CreateAlone(spec, data.Shape);
        IContributor contributor = learner.CreateContributor();
        NumericBuffer state = new(learner.Numbers, learner.StateLength), memory = new(learner.Numbers, learner.OptimizerStateLength), sum = new(learner.Numbers, learner.ContributionLength);
        learner.Initialize(state, memory);
        int shards = spec.Training.MicroBatches;
        BatchPlan batches = BatchPlan.For(spec, data.Shape.TrainingExamples, learner.FullBatch);
        MicroBatch[] rows = [.. Enumerable.Range(0, shards).Select(shard => batches.CreateSampler(data.Shard(shard, shards)).MicroBatch(0, 0, null))];
        contributor.Contribute(state, rows, sum, new StepContext(0, 0, batches.StepsPerEpoch));
        List<PathModel> path = [];
        foreach ((double alpha, double[] model, double gap) in learner.PathOf(sum, ratio, alphasOf))
        {
            state.Clear();
            model.CopyTo(state.Doubles);
            path.Add(new PathModel(alpha, model[0], model[1..], gap, Measure(data.Training), Measure(data.Validation)));
        }
        return path;

        Metrics Measure(RowRange range) => range.Count == 0 ? Metrics.None : EvaluationPlan.Measure(learner, contributor, state, range, shards);
    }

    private static double RatioOf(JobSpec spec)
    {
        double? ratio = spec.Model.Options.AbsoluteShare;
        return ratio is > 0 ? ratio.Value : throw new BadInputException(
            spec.Name, null, null, "a job of kind lasso, or of kind elastic-net with an l1-ratio above 0", ratio is null ? $"kind: {spec.Model.Kind}" : "l1-ratio: 0",
            "change model.kind: only absolute coefficients have a penalty from which on none is left");
    }
}
