using System.Text;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Coordinator.Cli;

/// <summary>A job's text with a comment above each key: the key's declared meaning.</summary>
internal static class CommentedJob
{
    private const int LineWidth = 100;

    /// <summary>The text with comments; it reads back as the same job.</summary>
    /// <param name="job">A job in block style, a key a line, as a draft writes it.</param>
    public static string Of(string job)
    {
        StringBuilder text = new();
        List<(int Indent, string Key)> within = [];
        foreach (string line in job.TrimEnd('\n').Split('\n'))
        {
            if (KeyOf(line) is { } key)
            {
                int indent = line.Length - line.TrimStart().Length;
                within.RemoveAll(outer => outer.Indent >= indent);
                within.Add((indent, key));
                foreach (string comment in CommentsOn(string.Join('.', within.Select(outer => outer.Key)), line)) text.Append(' ', indent).Append("# ").Append(comment).Append('\n');
            }
            text.Append(line).Append('\n');
        }
        return text.ToString();
    }

    private static IEnumerable<string> CommentsOn(string path, string line)
    {
        if (line.TrimEnd().EndsWith(':')) return [];            // a mapping: its keys say more
        KeyPlace? place = JobKeys.All.FirstOrDefault(known => known.Path == path);
        if (place is null) return [];
        string usual = place.Key.Required ? "" : $" Default: {place.Default}.";
        return TextTable.Wrapped($"{place.Key.Meaning}{usual}", LineWidth - 4).Select(part => part.TrimEnd());
    }

    private static string? KeyOf(string line)
    {
        string trimmed = line.TrimStart();
        int end = trimmed.IndexOf(':', StringComparison.Ordinal);
        return end > 0 && trimmed[0] != '#' && trimmed[..end].All(letter => char.IsAsciiLetterLower(letter) || letter == '-') ? trimmed[..end] : null;
    }
}
