namespace Cluster.Ml.Learning.Ranges;

/// <summary>Where a vector may be cut into ranges.</summary>
/// <remarks>
/// Equation  range i of n holds the cells ⌊i·c / n⌋ … ⌊(i + 1)·c / n⌋ − 1 of c = ⌈length / 1024⌉
/// Range     at least one range; never more than there are cells, so that none is empty
/// </remarks>
internal static class RangeGrid
{
    /// <summary>Numbers of a cell. What is summed over parameters is summed within each cell first, wherever the cuts are.</summary>
    public const int CellLength = 1024;

    /// <summary>Cuts a vector into at most so many ranges of about the same length.</summary>
    public static Slice[] Cut(int length, int servers)
    {
        long cells = Math.Max(1, ((long)length + CellLength - 1) / CellLength);
        int count = (int)Math.Clamp(servers, 1, cells);
        Slice[] ranges = new Slice[count];
        for (int i = 0, start = 0; i < count; i++)
        {
            int end = (int)Math.Min(length, (i + 1) * cells / count * CellLength);
            ranges[i] = new Slice(start, end - start);
            start = end;
        }
        return ranges;
    }
}
