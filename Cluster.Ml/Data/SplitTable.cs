using Cluster.Ml.Jobs;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Data;

/// <summary>Which rows belong to which split.</summary>
/// <remarks>
/// Determinism  a pure function of the seed, the fractions, the number of rows and (stratified) their classes
/// Range        a split's size is the fraction of all rows, rounded; each class's share of it is proportional, by largest remainder
/// Cost         4 bytes a row; one more while it is cut
/// </remarks>
internal sealed class SplitTable
{
    private enum Part : byte
    {
        Training,
        Validation,
        Test,
    }

    /// <summary>The training rows, then the validation rows, then the test rows.</summary>
    private readonly int[] _rows;
    private readonly int _training;
    private readonly int _validation;

    /// <summary>Splits of rows in any order.</summary>
    public SplitTable(int[] training, int[] validation, int[] test)
        : this([.. training, .. validation, .. test], training.Length, validation.Length)
    {
    }

    private SplitTable(int[] rows, int training, int validation) => (_rows, _training, _validation) = (rows, training, validation);

    /// <summary>Rows to learn from; ascending where a table was cut.</summary>
    public ReadOnlyMemory<int> Training => _rows.AsMemory(0, _training);

    /// <summary>Rows that decide when to stop; ascending where a table was cut.</summary>
    public ReadOnlyMemory<int> Validation => _rows.AsMemory(_training, _validation);

    /// <summary>Rows that are looked at once; ascending where a table was cut.</summary>
    public ReadOnlyMemory<int> Test => _rows.AsMemory(_training + _validation);

    /// <summary>The training rows whose place among them leaves the remainder <paramref name="index"/>.</summary>
    public ShardNumbers Shard(int index, int count) => new(_rows, index, count, ShardLength(index, count));

    /// <summary>Their places among the training rows.</summary>
    public ShardNumbers ShardIds(int index, int count) => new(null, index, count, ShardLength(index, count));

    /// <summary>Cuts rows 0 … ownTestStart − 1; the rest if there is one, is the test split.</summary>
    public static SplitTable Cut(RawRows raw, SplitSpec split, ulong seed)
    {
        int rows = raw.OwnTestStart;
        int test = rows < raw.Rows ? 0 : Share(rows, split.Test), validation = Math.Min(Share(rows, split.Validation), rows - test);
        var order = new int[raw.Rows];
        int[] sizes = Group(raw, split.Stratify, order.AsSpan(0, rows));
        Shuffle(order, sizes, seed, RandomPurpose.Split);
        int[] testOf = Apportion(sizes, test), validationOf = Apportion([.. sizes.Zip(testOf, (s, t) => s - t)], validation);
        var parts = new Part[raw.Rows];
        parts.AsSpan(rows).Fill(Part.Test);
        for (int g = 0, first = 0; g < sizes.Length; first += sizes[g++])
        {
            Mark(parts, order.AsSpan(first, testOf[g]), Part.Test);
            Mark(parts, order.AsSpan(first + testOf[g], validationOf[g]), Part.Validation);
        }
        return Collect(parts, order);
    }

    /// <summary>Holds one of K folds out as the test split; classes if there are any, are spread evenly over the folds.</summary>
    /// <param name="raw">All rows.</param>
    /// <param name="fold">Which, from 0.</param>
    /// <param name="folds">Of how many, at least 2.</param>
    /// <param name="seed">Of the job.</param>
    /// <param name="repeat">Which of several dealings, from 0.</param>
    public static SplitTable Fold(RawRows raw, int fold, int folds, ulong seed, int repeat = 0)
    {
        if (folds < 2 || fold < 0 || fold >= folds)
            throw new ArgumentOutOfRangeException(nameof(fold), $"SplitTable.Fold: wanted a fold of at least 2, got fold {fold} of {folds}.");
        int rows = raw.OwnTestStart;
        if (rows < folds)
            throw new BadInputException(raw.File, null, null, $"at least {folds} rows for {folds} folds", $"{rows}", "ask for fewer folds");
        var order = new int[rows];
        int[] sizes = Group(raw, byClass: true, order);
        Shuffle(order, sizes, seed, RandomPurpose.Folds, repeat);
        var parts = new Part[rows];
        for (int dealt = fold; dealt < rows; dealt += folds) parts[order[dealt]] = Part.Test;     // dealing goes on over classes: sizes differ by 1 at most
        return Collect(parts, order);
    }

    private int ShardLength(int index, int count) => Math.Max((_training - index + count - 1) / count, 0);

    private static int Share(int rows, double fraction) => (int)Math.Round(rows * fraction, MidpointRounding.AwayFromZero);

    /// <summary>Writes the rows class by class, ascending in each; all as one group if there are no classes, or they do not matter.</summary>
    /// <returns>The sizes of the groups.</returns>
    private static int[] Group(RawRows raw, bool byClass, Span<int> order)
    {
        if (!byClass || raw.Classes.Count == 0)
        {
            for (int row = 0; row < order.Length; row++) order[row] = row;
            return [order.Length];
        }
        var sizes = new int[raw.Classes.Count];
        for (int row = 0; row < order.Length; row++) sizes[(int)raw.Store.TargetOf(row)]++;
        var next = new int[sizes.Length];
        for (int c = 1; c < next.Length; c++) next[c] = next[c - 1] + sizes[c - 1];
        for (int row = 0; row < order.Length; row++) order[next[(int)raw.Store.TargetOf(row)]++] = row;
        return sizes;
    }

    private static void Shuffle(int[] order, int[] sizes, ulong seed, RandomPurpose purpose, int repeat = 0)
    {
        for (int g = 0, first = 0; g < sizes.Length; first += sizes[g++])
        {
            RandomStream stream = RandomStream.At(seed, purpose, repeat, g);
            stream.Shuffle(order.AsSpan(first, sizes[g]));
        }
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

    private static void Mark(Part[] parts, ReadOnlySpan<int> rows, Part part)
    {
        foreach (int row in rows) parts[row] = part;
    }

    /// <summary>The rows of each part, ascending, written over the order that is no longer needed.</summary>
    private static SplitTable Collect(Part[] parts, int[] order)
    {
        int training = parts.AsSpan().Count(Part.Training), validation = parts.AsSpan().Count(Part.Validation);
        ReadOnlySpan<int> starts = [0, training, training + validation];
        Span<int> next = stackalloc int[starts.Length];
        starts.CopyTo(next);
        for (int row = 0; row < parts.Length; row++) order[next[(int)parts[row]]++] = row;
        return new SplitTable(order, training, validation);
    }
}
