namespace Cluster.Coordinator.Reports;

/// <summary>Words of a command line as a shell takes them.</summary>
internal static class ShellText
{
    /// <summary>The word, in quotes if it holds anything that a shell might take for more than itself.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '-' or '_' or ':' or '=' or ',' or '+')
            ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
