namespace Cluster.Ml.Evaluation;

/// <summary>Rows whose scores lie near one another.</summary>
/// <param name="Rows">How many; at least 1.</param>
/// <param name="MeanScore">The mean of their scores.</param>
/// <param name="Share">The share of them that came true.</param>
public readonly record struct CalibrationBin(int Rows, double MeanScore, double Share);

/// <summary>How far scores may be read as probabilities: what came true, beside what was said.</summary>
/// <param name="Bins">Those of equal width that have rows, ascending.</param>
/// <param name="ExpectedError">The expected calibration error.</param>
/// <remarks>
/// Equation  bin b holds the scores in ((b − 1)/B, b/B], the first 0 as well;  expected error = Σ_b (n_b / n)·|share_b − mean score_b|
/// Range     0 to 1; undefined, and null, of no rows
/// Source    Naeini, Cooper, Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015; of several classes by the
///           score of the predicted class: Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", ICML 2017, § 2
/// </remarks>
public sealed record Calibration(IReadOnlyList<CalibrationBin> Bins, double ExpectedError)
{
    /// <summary>How many bins are usual.</summary>
    public const int BinsDefault = 10;

    /// <summary>Compares scores with what came true; null of no rows.</summary>
    /// <param name="scores">[rows], 0 to 1.</param>
    /// <param name="cameTrue">[rows]; whether the row is of the class that the score is of.</param>
    /// <param name="bins">How many, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a score is none.</exception>
    public static Calibration? Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> cameTrue, int bins = BinsDefault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        if (scores.Length != cameTrue.Length)
            throw new ArgumentException($"Calibration: wanted an outcome for each of {scores.Length} scores, got {cameTrue.Length}.", nameof(cameTrue));
        if (scores.IsEmpty) return null;
        int[] rows = new int[bins], right = new int[bins];
        double[] sums = new double[bins];
        for (int i = 0; i < scores.Length; i++)
        {
            int bin = BinOf(scores[i], bins);
            rows[bin]++;
            sums[bin] += scores[i];
            if (cameTrue[i]) right[bin]++;
        }
        CalibrationBin[] found = [.. Enumerable.Range(0, bins).Where(bin => rows[bin] > 0).Select(bin => new CalibrationBin(rows[bin], sums[bin] / rows[bin], (double)right[bin] / rows[bin]))];
        double error = 0;
        foreach (CalibrationBin bin in found) error += (double)bin.Rows / scores.Length * Math.Abs(bin.Share - bin.MeanScore);
        return new Calibration(found, error);
    }

    /// <summary>Rounding may leave a sum of probabilities a little above 1, which is in the last bin.</summary>
    private static int BinOf(double score, int bins)
    {
        const double rounding = 1e-6;
        if (!(score >= -rounding && score <= 1 + rounding)) throw new ArgumentException($"Calibration: wanted scores of 0 to 1, got {score}.", nameof(score));
        return Math.Clamp((int)Math.Ceiling(score * bins) - 1, 0, bins - 1);
    }
}
