namespace Cluster.Ml.Evaluation;

/// <summary>Mean and spread of the folds' figures.</summary>
/// <param name="Mean">Mean of each figure over the folds, in the order of the first fold.</param>
/// <param name="Deviation">Sample standard deviation (n − 1) of each figure; 0 for a single fold.</param>
public sealed record FoldScores(Metrics Mean, Metrics Deviation)
{
    /// <summary>Summarises folds that all have the same figures.</summary>
    /// <remarks>Equation  mean = Σx / n;  s = √(Σ(x − mean)² / (n − 1)), summed in fold order</remarks>
    /// <exception cref="ArgumentException">There is no fold, or a fold lacks a figure.</exception>
    public static FoldScores Of(IReadOnlyList<Metrics> folds)
    {
        if (folds.Count == 0) throw new ArgumentException("FoldScores: wanted at least one fold, got none.", nameof(folds));
        List<KeyValuePair<string, double>> means = [], deviations = [];
        foreach ((string name, _) in folds[0].Values)
        {
            double sum = 0, squares = 0;
            foreach (Metrics fold in folds) sum += FigureOf(fold, name);
            double mean = sum / folds.Count;
            foreach (Metrics fold in folds) squares += (FigureOf(fold, name) - mean) * (FigureOf(fold, name) - mean);
            means.Add(new(name, mean));
            deviations.Add(new(name, folds.Count == 1 ? 0 : Math.Sqrt(squares / (folds.Count - 1))));
        }
        return new FoldScores(new Metrics(means), new Metrics(deviations));
    }

    private static double FigureOf(Metrics fold, string name) =>
        fold[name] ?? throw new ArgumentException($"FoldScores: wanted the figure '{name}' of every fold, got a fold without it.", nameof(fold));
}
