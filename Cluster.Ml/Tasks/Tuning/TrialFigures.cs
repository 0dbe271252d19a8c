using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tasks.Tuning;

/// <summary>What is measured of a trial: the figures of its kind of model and, if it finds clusters, how well they lie apart.</summary>
/// <remarks>
/// Rows         the validation rows; without them the training rows, if the figure that decides may be measured on those
/// Equation     silhouette = mean of <see cref="Silhouettes"/> over m of the n rows, m = min(n, RowsMax), row ⌊i n / m⌋ of the split for i &lt; m
/// Cost         O(m²·d): two thousand rows of a hundred columns are four hundred million products
/// Range        no silhouette, and hence no place in a search by it, if those rows are all in one cluster
/// Determinism  one thread, in the order of the rows
/// </remarks>
public static class TrialFigures
{
    /// <summary>The most rows that a mean silhouette is of.</summary>
    public const int RowsMax = 2000;

    /// <summary>Mean silhouette of the rows.</summary>
    public static readonly Figure Silhouette = new("silhouette", Better.Higher, "mean silhouette: 1 for clusters far apart, 0 for none") { JudgesTraining = true };

    /// <summary>The figures that a trial of this model may have.</summary>
    internal static IReadOnlyList<Figure> Of(LearnerKind kind, ModelOptions options) =>
        kind.OutputOf(options) == OutputForm.Cluster ? [.. kind.FiguresOf(options), Silhouette] : kind.FiguresOf(options);

    /// <summary>Those by which trials are compared: the one that the search names, else the first that has a direction and was measured.</summary>
    public static IReadOnlyList<Figure> Deciding(JobSpec searched) => searched.Tune?.By is not { } by
        ? [.. searched.Learner.FiguresOf(searched.Model.Options).Where(figure => figure.Better != Better.Neither)]
        : [.. Of(searched.Learner, searched.Model.Options).Where(figure => figure.Name == by && figure.Better != Better.Neither)];

    /// <summary>The rows that trials are compared on.</summary>
    public static SplitKind SplitOf(JobSpec searched) => searched.Data.Split.Validation > 0 ? SplitKind.Validation : SplitKind.Training;

    /// <summary>The figures of a trained trial.</summary>
    /// <param name="spec">The trial's job.</param>
    /// <param name="data">What it was trained on.</param>
    /// <param name="model">What training gave.</param>
    public static Metrics Measure(JobSpec spec, PreparedData data, TrainedModel model)
    {
        SplitKind split = SplitOf(spec);
        Metrics usual = model[split];
        if (spec.Learner.OutputOf(spec.Model.Options) != OutputForm.Cluster) return usual;
        RowRange rows = split == SplitKind.Validation ? data.Validation : data.Training;
        return MeanSilhouette(spec, data.Shape, model.State, Spaced(rows)) is { } mean && double.IsFinite(mean) ? usual with { Values = [.. usual.Values, new(Silhouette.Name, mean)] } : usual;
    }

    private static double? MeanSilhouette(JobSpec spec, DataShape shape, NumericBuffer state, RowRange rows)
    {
        if (rows.Count == 0) return null;
        double[] clusters = new double[rows.Count];
        Learners.Create(spec, shape).CreateContributor().Predict(state, rows, clusters, []);
        double[]? silhouettes = Silhouettes.Of(rows.ToDoubles(Learners.NumbersFor(spec)), shape.Features, [.. clusters.Select(cluster => (int)cluster)]);
        if (silhouettes is null) return null;
        double sum = 0;
        foreach (double silhouette in silhouettes) sum += silhouette;
        return sum / silhouettes.Length;
    }

    private static RowRange Spaced(RowRange rows)
    {
        if (rows.Count <= RowsMax) return rows;
        int[] some = new int[RowsMax];
        for (int i = 0; i < RowsMax; i++) some[i] = rows.Order.Span[(int)((long)i * rows.Count / RowsMax)];
        return rows with { Order = some };
    }
}
