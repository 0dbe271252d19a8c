namespace Cluster.Ml.Data;

/// <summary>Finds the known name that a mistyped one was probably meant to be.</summary>
public static class NearestName
{
    private const int NameLengthMax = 64;

    /// <summary>The known name with the fewest changed, added, dropped or swapped letters, or null where none is near.</summary>
    /// <param name="typed">What was written.</param>
    /// <param name="known">What could have been meant.</param>
    /// <remarks>
    /// Equation  near: distance ≤ max(1, ⌊length / 3⌋), ignoring case; the first of equals wins
    /// Source    optimal string alignment distance: Damerau, CACM 7 (1964)
    /// </remarks>
    public static string? Of(string typed, IEnumerable<string> known)
    {
        (string? best, int bestDistance) = (null, Math.Max(1, typed.Length / 3) + 1);
        foreach (string candidate in known)
        {
            int distance = Distance(typed, candidate);
            if (distance < bestDistance) (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    /// <summary>The advice that follows from <see cref="Of"/>: the near name, or the names there are.</summary>
    public static string Advice(string typed, IReadOnlyCollection<string> known)
    {
        if (Of(typed, known) is { } near) return $"did you mean '{near}'?";
        const int shown = 12;
        string list = string.Join(", ", known.Take(shown));
        return known.Count == 0 ? "there is none" : $"there are: {list}{(known.Count > shown ? $", … ({known.Count} in all)" : "")}";
    }

    private static int Distance(string left, string right)
    {
        if (left.Length > NameLengthMax || right.Length > NameLengthMax) return int.MaxValue;
        var rows = new int[3][];
        for (int r = 0; r < 3; r++) rows[r] = new int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++) rows[0][j] = j;
        for (int i = 1; i <= left.Length; i++)
        {
            (int[] current, int[] above, int[] twoAbove) = (rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3]);
            current[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                bool same = Same(left[i - 1], right[j - 1]);
                int cost = Math.Min(Math.Min(above[j], current[j - 1]) + 1, above[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                    cost = Math.Min(cost, twoAbove[j - 2] + 1);
                current[j] = cost;
            }
        }
        return rows[left.Length % 3][right.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
