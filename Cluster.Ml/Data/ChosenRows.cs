using Cluster.Ml.Randomness;

namespace Cluster.Ml.Data;

/// <summary>Leaves out the rows of classes that a job does not name, and training rows beyond so many of each class.</summary>
/// <remarks>
/// Determinism  which training rows stay depends on the seed and the split alone
/// </remarks>
internal static class ChosenRows
{
    /// <summary>The rows of these classes, in file order; all rows if none is named.</summary>
    /// <exception cref="BadInputException">There is no such class.</exception>
    public static RawRows OfClasses(RawRows raw, IReadOnlyList<string> classes)
    {
        if (classes.Count == 0) return raw;
        ClassNames known = new(raw.Classes);
        HashSet<int> chosen = [];
        foreach (string name in classes)
            if (known.IndexOf(name) is >= 0 and var index) chosen.Add(index);
            else throw new BadInputException(raw.File, null, null, $"rows of the class '{name}', which data.classes names", "none", Nearest.Advice(name, raw.Classes));
        string[] kept = [.. raw.Classes.Where((_, index) => chosen.Contains(index))];
        return Renumbered(raw, kept, [.. raw.Classes.Select(name => Array.IndexOf(kept, name))]);
    }

    /// <summary>The rows of the classes that have a number.</summary>
    /// <param name="raw">All rows.</param>
    /// <param name="classes">Names of the classes that are left.</param>
    /// <param name="indexOf">The new number of each old class; −1 for none.</param>
    public static RawRows Renumbered(RawRows raw, IReadOnlyList<string> classes, int[] indexOf)
    {
        int[] rows = [.. Enumerable.Range(0, raw.Rows).Where(row => indexOf[(int)raw.Store.TargetOf(row)] >= 0)];
        RowFacts facts = raw.Facts with { Classes = classes, OwnTestStart = rows.Count(row => row < raw.OwnTestStart) };
        return raw with { Facts = facts, Store = new Some(raw.Store, rows, indexOf) };
    }

    /// <summary>The split with so many training rows of each class, drawn at random; the others are left out, and neither learned from nor measured.</summary>
    /// <exception cref="BadInputException">A class has fewer.</exception>
    public static SplitTable Few(SplitTable split, RawRows raw, int perClass, ulong seed)
    {
        if (perClass == 0) return split;
        List<int> kept = [];
        for (int index = 0; index < raw.Classes.Count; index++)
        {
            int[] rows = [.. split.Training.ToArray().Where(row => (int)raw.Store.TargetOf(row) == index)];
            if (rows.Length < perClass)
                throw new BadInputException(
                    raw.File, null, null, $"at least {perClass} training rows of the class '{raw.Classes[index]}', as data.examples-per-class says", $"{rows.Length}",
                    "lower data.examples-per-class");
            RandomStream stream = RandomStream.At(seed, RandomPurpose.Split, 1, index);
            stream.Shuffle(rows.AsSpan());
            kept.AddRange(rows[..perClass]);
        }
        return new SplitTable([.. kept.Order()], split.Validation.ToArray(), split.Test.ToArray());
    }

    /// <summary>Some rows of a store, their classes numbered anew.</summary>
    private sealed class Some(RowStore all, int[] rows, int[] classOf) : RowStore
    {
        public override int Rows => rows.Length;

        public override int Columns => all.Columns;

        public override bool AreBytes => all.AreBytes;

        public override bool HasTargets => all.HasTargets;

        public override bool IsInMemory => all.IsInMemory;

        public override bool IsStreamed => all.IsStreamed;

        public override ReadOnlySpan<byte> BytesOf(int row) => all.BytesOf(rows[row]);

        public override ReadOnlySpan<double> ValuesOf(int row) => all.ValuesOf(rows[row]);

        public override double TargetOf(int row) => classOf[(int)all.TargetOf(rows[row])];
    }
}
