namespace Cluster.Ml.SupportVectors;

/// <summary>Chooses the rows that a step solves for.</summary>
/// <remarks>
/// Equation     half are those that violate the conditions most, in turn of those that may rise and of those that may fall; then rows whose α is
///              neither 0 nor C, the most violating first; then further violators
/// Determinism  of equals the first row
/// Source       Joachims, "Making Large-Scale SVM Learning Practical" (1999), § 11.3; several pairs at once and rows that stay: Wen et al.,
///              "ThunderSVM", JMLR 19 (2018)
/// </remarks>
internal static class WorkingSet
{
    /// <summary>At most so many rows, ascending.</summary>
    public static int[] Choose(DualProblem problem, int size)
    {
        if (problem.Rows <= size) return [.. Enumerable.Range(0, problem.Rows)];
        (double[] up, double[] down) = Extremes(problem);
        int[] rising = Sorted(up, descending: true), falling = Sorted(down, descending: false);
        SortedSet<int> chosen = [];
        Alternate(rising, falling, chosen, Math.Max(2, size / 2));
        foreach (int row in rising)
        {
            if (chosen.Count >= size) break;
            if (IsFree(problem, row)) chosen.Add(row);
        }
        Alternate(rising, falling, chosen, size);
        return [.. chosen];
    }

    /// <summary>−yG of each row where it may rise, and where it may fall; of two variables the more violating.</summary>
    private static (double[] Up, double[] Down) Extremes(DualProblem problem)
    {
        (var up, var down) = (new double[problem.Rows], new double[problem.Rows]);
        up.AsSpan().Fill(double.NegativeInfinity);
        down.AsSpan().Fill(double.PositiveInfinity);
        for (int v = 0; v < problem.Variables; v++)
        {
            int row = problem.RowOf(v);
            double pull = problem.Pull(v);
            if (problem.MayRise(v)) up[row] = Math.Max(up[row], pull);
            if (problem.MayFall(v)) down[row] = Math.Min(down[row], pull);
        }
        return (up, down);
    }

    private static int[] Sorted(double[] values, bool descending)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        order.AsSpan().Sort((a, b) => values[a] == values[b] ? a.CompareTo(b) : descending ? values[b].CompareTo(values[a]) : values[a].CompareTo(values[b]));
        return order;
    }

    private static bool IsFree(DualProblem problem, int row)
    {
        for (int v = row; v < problem.Variables; v += problem.Rows)
            if (problem.MayRise(v) && problem.MayFall(v)) return true;
        return false;
    }

    private static void Alternate(int[] rising, int[] falling, SortedSet<int> chosen, int size)
    {
        for (int i = 0; i < rising.Length && chosen.Count < size; i++)
        {
            chosen.Add(rising[i]);
            if (chosen.Count < size) chosen.Add(falling[i]);
        }
    }
}
