using Cluster.Ml.Randomness;

namespace Cluster.Ml.Data.Folds;

/// <summary>Holds one of the folds of a plan out as the test split.</summary>
/// <remarks>
/// Equation     in time order, of n rows and K folds: a fold has s = ⌊n / (K + 1)⌋ rows, fold k those from n − (K − k)·s on, and is trained on all before
///              it;  of groups: one after another, the largest first, goes to the fold with the fewest rows, the first of several
/// Determinism  a pure function of the plan, the index, the seed, the number of rows, their classes and their groups; of groups of
///              equal size the one that the file names last goes first. Groups that are dealt again go in a random order, and so do rows
/// Source       scikit-learn's TimeSeriesSplit, GroupKFold and RepeatedStratifiedKFold
/// Differs      from scikit-learn's GroupKFold in the order of groups of equal size, where the file does not name groups in their own order
/// </remarks>
internal static class FoldCut
{
    /// <summary>The fold of an index: of repeated ones all of the first time come first.</summary>
    public static SplitTable Of(RawRows raw, FoldPlan plan, int index, ulong seed)
    {
        if (index < 0 || index >= plan.Count)
            throw new ArgumentOutOfRangeException(nameof(index), $"FoldCut.Of: wanted an index below {plan.Count}, got {index}.");
        if (plan.IsTimeOrdered) return InOrder(raw, plan.Folds, index);
        (int repeat, int fold) = Math.DivRem(index, plan.Folds);
        return raw.Groups is { } groups ? Grouped(raw, groups, plan, repeat, fold, seed) : SplitTable.Fold(raw, fold, plan.Folds, seed, repeat);
    }

    private static SplitTable InOrder(RawRows raw, int folds, int fold)
    {
        int rows = raw.OwnTestStart, size = rows / (folds + 1), start = rows - ((folds - fold) * size);
        if (size == 0)
            throw new BadInputException(raw.File, null, null, $"at least {folds + 1} rows for {folds} folds in time order", $"{rows}", "ask for fewer folds");
        return new SplitTable([.. Enumerable.Range(0, start)], [], [.. Enumerable.Range(start, size)]);
    }

    private static SplitTable Grouped(RawRows raw, int[] groups, FoldPlan plan, int repeat, int fold, ulong seed)
    {
        int[] foldOf = FoldsOf(raw, groups.AsSpan(0, raw.OwnTestStart), plan, repeat, seed);
        IEnumerable<int> rows = Enumerable.Range(0, raw.OwnTestStart);
        return new SplitTable([.. rows.Where(row => foldOf[groups[row]] != fold)], [], [.. rows.Where(row => foldOf[groups[row]] == fold)]);
    }

    /// <summary>The fold of each group.</summary>
    private static int[] FoldsOf(RawRows raw, ReadOnlySpan<int> groups, FoldPlan plan, int repeat, ulong seed)
    {
        int[] sizes = SizesOf(groups), order = [.. Enumerable.Range(0, sizes.Length).Where(group => sizes[group] > 0).OrderByDescending(group => sizes[group]).ThenByDescending(group => group)];
        if (order.Length < plan.Folds)
            throw new BadInputException(
                raw.File, null, null, $"at least {plan.Folds} groups in column '{plan.Group}' for {plan.Folds} folds", $"{order.Length}", "ask for fewer folds");
        if (repeat > 0) RandomStream.At(seed, RandomPurpose.Folds, repeat).Shuffle(order.AsSpan());
        int[] foldOf = new int[sizes.Length], rows = new int[plan.Folds];
        foreach (int group in order)
        {
            int lightest = rows.AsSpan().IndexOf(rows.Min());
            foldOf[group] = lightest;
            rows[lightest] += sizes[group];
        }
        return foldOf;
    }

    private static int[] SizesOf(ReadOnlySpan<int> groups)
    {
        int count = 0;
        foreach (int group in groups) count = Math.Max(count, group + 1);
        int[] sizes = new int[count];
        foreach (int group in groups) sizes[group]++;
        return sizes;
    }
}
