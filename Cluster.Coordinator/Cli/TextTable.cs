namespace Cluster.Coordinator.Cli;

/// <summary>Lines in columns, as many of them as a terminal has room for: a line that it wraps shows no columns any more.</summary>
internal static class TextTable
{
    private const string Between = "  ";

    /// <summary>The header and the rows.</summary>
    /// <param name="columns">The header.</param>
    /// <param name="rows">Texts, one a column.</param>
    /// <param name="width">Columns of the terminal; null if a program reads.</param>
    /// <param name="dispensable">Columns that are dropped on a narrow terminal, the least needed first.</param>
    public static IEnumerable<string> Lines(string[] columns, IEnumerable<string[]> rows, int? width = null, params ReadOnlySpan<string> dispensable)
    {
        string[][] lines = [columns, .. rows];
        int[] widths = [.. columns.Select((_, column) => lines.Max(line => line[column].Length))];
        List<int> shown = [.. Enumerable.Range(0, columns.Length)];
        foreach (string name in dispensable)
        {
            if (width is not { } room || shown.Sum(column => widths[column] + Between.Length) - Between.Length <= room) break;
            shown.Remove(Array.IndexOf(columns, name));
        }
        return lines.Select(line => string.Join(Between, shown.Select(column => line[column].PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>A sentence in lines that end between words; those after the first are set in.</summary>
    /// <param name="text">The sentence.</param>
    /// <param name="width">Columns of the terminal; null if a program reads.</param>
    public static IEnumerable<string> Wrapped(string text, int? width)
    {
        if (width is not { } room || text.Length <= room) return [text];
        List<string> lines = [];
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Trim().Length > 0 && line.Length + 1 + word.Length > room)
            {
                lines.Add(line);
                line = Between + word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }
        lines.Add(line);
        return lines;
    }
}
