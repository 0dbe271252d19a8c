namespace Cluster.Ml.Evaluation;

/// <summary>Mean and spread of the folds' figures.</summary>
/// <param name="Mean">Mean of each figure over the folds in which it is defined, in the order of the first fold; NaN if it is in none.</param>
/// <param name="Deviation">Sample standard deviation (n − 1) of each figure over the same folds; 0 for a single fold, NaN for none.</param>
/// <param name="Undefined">Figures that a fold leaves undefined, and how many folds do.</param>
public sealed record FoldScores(Metrics Mean, Metrics Deviation, IReadOnlyList<KeyValuePair<string, int>> Undefined)
{
    /// <summary>Summarises folds that all have the same figures.</summary>
    /// <remarks>Equation  mean = Σx / n;  s = √(Σ(x − mean)² / (n − 1)), summed in fold order</remarks>
    /// <exception cref="ArgumentException">There is no fold, or a fold lacks a figure.</exception>
    public static FoldScores Of(IReadOnlyList<Metrics> folds)
    {
        if (folds.Count == 0) throw new ArgumentException("FoldScores: wanted at least one fold, got none.", nameof(folds));
        List<KeyValuePair<string, double>> means = [], deviations = [];
        List<KeyValuePair<string, int>> undefined = [];
        foreach ((string name, _) in folds[0].Values)
        {
            double[] defined = [.. folds.Select(fold => FigureOf(fold, name)).Where(figure => !double.IsNaN(figure))];
            (double mean, double deviation) = Summarize(defined);
            means.Add(new(name, mean));
            deviations.Add(new(name, deviation));
            if (defined.Length < folds.Count) undefined.Add(new(name, folds.Count - defined.Length));
        }
        return new FoldScores(new Metrics(means), new Metrics(deviations), undefined);
    }

    private static (double Mean, double Deviation) Summarize(double[] figures)
    {
        if (figures.Length == 0) return (double.NaN, double.NaN);
        double sum = 0, squares = 0;
        foreach (double figure in figures) sum += figure;
        double mean = sum / figures.Length;
        foreach (double figure in figures) squares += (figure - mean) * (figure - mean);
        return (mean, figures.Length == 1 ? 0 : Math.Sqrt(squares / (figures.Length - 1)));
    }

    private static double FigureOf(Metrics fold, string name) =>
        fold[name] ?? throw new ArgumentException($"FoldScores: wanted the figure '{name}' of every fold, got a fold without it.", nameof(fold));
}
