namespace Cluster;

/// <summary>Finds the known word that a misspelt one was most likely meant to be.</summary>
/// <remarks>
/// Equation  distance = fewest insertions, deletions, replacements and swaps of neighbours (optimal string alignment)
/// Cost      O(|word| · |candidate|) a candidate; words longer than 64 characters are not compared
/// Source    Damerau, "A technique for computer detection and correction of spelling errors", CACM 1964
/// </remarks>
internal static class Nearest
{
    private const int LengthMax = 64;

    /// <summary>Advice for a message: the nearest known word, or all of them if none is near.</summary>
    public static string Advice(string word, IReadOnlyList<string> known) => Find(word, known) is { } near
        ? $"did you mean '{near}'"
        : $"known here: {string.Join(", ", known)}";

    /// <summary>The nearest word, or null if none is near enough to be meant.</summary>
    public static string? Find(string word, IReadOnlyList<string> known)
    {
        if (word.Length is 0 or > LengthMax) return null;
        string? best = null;
        int least = Math.Max(2, word.Length / 3) + 1;
        foreach (string candidate in known)
        {
            int distance = Distance(word.ToLowerInvariant(), candidate);
            if (distance >= least || distance >= Math.Max(word.Length, candidate.Length)) continue;
            (best, least) = (candidate, distance);
        }
        return best;
    }

    /// <summary>How many edits turn one word into the other.</summary>
    public static int Distance(string from, string to)
    {
        int[,] edits = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++) edits[i, 0] = i;
        for (int j = 0; j <= to.Length; j++) edits[0, j] = j;
        for (int i = 1; i <= from.Length; i++)
            for (int j = 1; j <= to.Length; j++)
            {
                int replace = edits[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                int edit = Math.Min(replace, Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
                bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
                edits[i, j] = swapped ? Math.Min(edit, edits[i - 2, j - 2] + 1) : edit;
            }
        return edits[from.Length, to.Length];
    }
}
