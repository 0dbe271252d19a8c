namespace Cluster.Ml.Evaluation;

/// <summary>What a threshold does: all rows with at least this score are said to be of the class.</summary>
/// <param name="Threshold">A score that a row has; infinity where no row is said to be of the class.</param>
/// <param name="TruePositives">Rows of the class with at least this score.</param>
/// <param name="FalsePositives">Rows of other classes with at least this score.</param>
public readonly record struct ThresholdCounts(double Threshold, int TruePositives, int FalsePositives);

/// <summary>The rows of a class and those of others, counted from the highest score to the lowest.</summary>
/// <remarks>
/// Range   rows of equal scores are counted together, so that their order changes nothing
/// Cost    one sort, O(n log n)
/// Source  Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27 (2006), § 5, algorithm 1
/// </remarks>
public sealed class RankedScores
{
    private RankedScores(ThresholdCounts[] steps) => Steps = steps;

    /// <summary>Nothing above infinity first, then each score that a row has, descending.</summary>
    public IReadOnlyList<ThresholdCounts> Steps { get; }

    /// <summary>How many rows are of the class.</summary>
    public int Positives => Steps[^1].TruePositives;

    /// <summary>How many rows are not.</summary>
    public int Negatives => Steps[^1].FalsePositives;

    /// <summary>Ranks rows.</summary>
    /// <param name="scores">[rows], higher for the class; finite.</param>
    /// <param name="positives">[rows], whether each is of the class.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a score is not finite.</exception>
    public static RankedScores Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        if (scores.Length != positives.Length)
            throw new ArgumentException($"RankedScores: wanted a class for each of {scores.Length} scores, got {positives.Length}.", nameof(positives));
        double[] keys = scores.ToArray();
        bool[] classes = positives.ToArray();
        foreach (double score in keys)
            if (!double.IsFinite(score)) throw new ArgumentException($"RankedScores: wanted finite scores, got {score}.", nameof(scores));
        Array.Sort(keys, classes);
        List<ThresholdCounts> steps = [new(double.PositiveInfinity, 0, 0)];
        (int right, int wrong) = (0, 0);
        for (int i = keys.Length - 1; i >= 0; i--)
        {
            if (classes[i]) right++;
            else wrong++;
            if (i == 0 || keys[i - 1] != keys[i]) steps.Add(new(keys[i], right, wrong));
        }
        return new RankedScores([.. steps]);
    }
}
