namespace Cluster.Ml.Data;

/// <summary>The classes of a private job: those that the job names, in its order, whatever classes its rows are of.</summary>
/// <remarks>
/// Range  what the rows hold is not told: a class may have no rows, and a row of another class is left out without a word
/// </remarks>
internal static class GivenClasses
{
    /// <summary>The rows of these classes, in file order.</summary>
    public static RawRows Of(RawRows raw, IReadOnlyList<string> classes)
    {
        if (classes.Count == 0) return raw;
        int[] indexOf = [.. raw.Classes.Select(new ClassNames(classes).IndexOf)];
        bool all = indexOf.AsSpan().SequenceEqual(Enumerable.Range(0, indexOf.Length).ToArray());
        return all ? raw with { Facts = raw.Facts with { Classes = classes } } : ChosenRows.Renumbered(raw, classes, indexOf);
    }
}
