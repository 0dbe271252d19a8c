using Cluster.Ml.Jobs;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Data;

/// <summary>Which rows belong to which split; each list ascending.</summary>
/// <param name="Training">Rows to learn from.</param>
/// <param name="Validation">Rows that decide when to stop.</param>
/// <param name="Test">Rows that are looked at once.</param>
/// <remarks>
/// Determinism  a pure function of the seed, the fractions, the number of rows and (stratified) their classes
/// Range        a split's size is the fraction of all rows, rounded; each class's share of it is proportional, by largest remainder
/// </remarks>
internal sealed record SplitTable(int[] Training, int[] Validation, int[] Test)
{
    /// <summary>Cuts rows 0 … ownTestStart − 1; the rest, where there is one, is the test split.</summary>
    public static SplitTable Cut(RawRows raw, SplitSpec split, ulong seed)
    {
        int rows = raw.OwnTestStart;
        bool ownTest = rows < raw.Rows;
        int test = ownTest ? 0 : Share(rows, split.Test), validation = Math.Min(Share(rows, split.Validation), rows - test);
        int[][] groups = split.Stratify && raw.Classes.Count > 0 ? ByClass(raw, rows) : [[.. Enumerable.Range(0, rows)]];
        for (int g = 0; g < groups.Length; g++)
        {
            RandomStream stream = RandomStream.At(seed, RandomPurpose.Split, 0, g);
            stream.Shuffle(groups[g].AsSpan());
        }
        int[] sizes = [.. groups.Select(g => g.Length)];
        int[] testOf = Apportion(sizes, test), validationOf = Apportion([.. sizes.Zip(testOf, (s, t) => s - t)], validation);
        return new SplitTable(
            Sorted(groups.SelectMany((g, i) => g[(testOf[i] + validationOf[i])..])),
            Sorted(groups.SelectMany((g, i) => g[testOf[i]..(testOf[i] + validationOf[i])])),
            ownTest ? [.. Enumerable.Range(rows, raw.Rows - rows)] : Sorted(groups.SelectMany((g, i) => g[..testOf[i]])));
    }

    /// <summary>Holds one of K folds out as the test split; classes, where there are any, are spread evenly over the folds.</summary>
    public static SplitTable Fold(RawRows raw, int fold, int folds, ulong seed)
    {
        if (folds < 2 || fold < 0 || fold >= folds)
            throw new ArgumentOutOfRangeException(nameof(fold), $"SplitTable.Fold: wanted a fold of at least 2, got fold {fold} of {folds}.");
        int rows = raw.OwnTestStart;
        if (rows < folds)
            throw new BadInputException(raw.File, null, null, $"at least {folds} rows for {folds} folds", $"{rows}", "ask for fewer folds");
        int[][] groups = raw.Classes.Count > 0 ? ByClass(raw, rows) : [[.. Enumerable.Range(0, rows)]];
        var foldOf = new int[rows];
        for (int g = 0, dealt = 0; g < groups.Length; g++)
        {
            RandomStream stream = RandomStream.At(seed, RandomPurpose.Folds, 0, g);
            stream.Shuffle(groups[g].AsSpan());
            foreach (int row in groups[g]) foldOf[row] = dealt++ % folds;     // dealing goes on over classes: sizes differ by 1 at most
        }
        return new SplitTable(
            [.. Enumerable.Range(0, rows).Where(r => foldOf[r] != fold)], [], [.. Enumerable.Range(0, rows).Where(r => foldOf[r] == fold)]);
    }

    private static int Share(int rows, double fraction) => (int)Math.Round(rows * fraction, MidpointRounding.AwayFromZero);

    private static int[][] ByClass(RawRows raw, int rows)
    {
        var lists = new List<int>[raw.Classes.Count];
        for (int c = 0; c < lists.Length; c++) lists[c] = [];
        for (int row = 0; row < rows; row++) lists[(int)raw.Targets[row]].Add(row);
        return [.. lists.Select(l => l.ToArray())];
    }

    // Hamilton's method: whole shares first, then the largest remainders; ties go to the first group.
    private static int[] Apportion(int[] sizes, int total)
    {
        long all = sizes.Sum(s => (long)s);
        if (all == 0) return new int[sizes.Length];
        int[] shares = [.. sizes.Select(s => (int)((long)s * total / all))];
        int left = total - shares.Sum();
        foreach (int g in Enumerable.Range(0, sizes.Length).OrderByDescending(g => (long)sizes[g] * total % all).ThenBy(g => g).Take(left)) shares[g]++;
        return shares;
    }

    private static int[] Sorted(IEnumerable<int> rows) => [.. rows.Order()];
}
