namespace Cluster.Coordinator.Cli.Queries;

/// <summary>What can be seen of a query without a database: whether it is one statement that reads, and states an order.</summary>
/// <remarks>Range  comments, quoted texts and names, PostgreSQL's dollar quotes and all that stands in parentheses are passed over</remarks>
internal static class SqlText
{
    private static readonly string[] s_reading = ["SELECT", "WITH", "VALUES", "TABLE"];

    /// <summary>The words that stand outside parentheses, in capitals; a semicolon is a word.</summary>
    public static IReadOnlyList<string> Words(string query)
    {
        List<string> words = [];
        int depth = 0;
        for (int at = 0; at < query.Length;)
        {
            int end = EndOf(query, at);
            if (query[at] == '(') depth++;
            else if (query[at] == ')') depth--;
            else if (depth == 0 && (query[at] == ';' || char.IsLetter(query[at]))) words.Add(query[at..end].ToUpperInvariant());
            at = end;
        }
        return words;
    }

    /// <summary>Why a query cannot be a source; null if it can.</summary>
    public static (string Wanted, string Got, string Advice)? Objection(string query)
    {
        IReadOnlyList<string> words = Words(query);
        if (words.Count == 0 || !s_reading.Contains(words[0]))
            return ("a query that reads rows (SELECT, WITH, VALUES or TABLE)", words.Count == 0 ? "none" : $"'{words[0]}'", "write SELECT columns FROM table ORDER BY key");
        if (words.SkipWhile(word => word != ";").Any(word => word != ";")) return ("one statement", "several", "write one query");
        for (int i = 1; i < words.Count; i++)
            if (words[i - 1] == "ORDER" && words[i] == "BY") return null;
        return ("an ORDER BY of the whole query", "none", "add ORDER BY with a column that no two rows share: a database gives rows in any order, and the model depends on it");
    }

    /// <summary>The end of what begins here: a comment, a quoted text, a word, or one character.</summary>
    private static int EndOf(string query, int at)
    {
        string rest = query[at..];
        if (rest.StartsWith("--", StringComparison.Ordinal)) return After(query, "\n", at);
        if (rest.StartsWith("/*", StringComparison.Ordinal)) return After(query, "*/", at + 2);
        if (query[at] is '\'' or '"' or '`') return After(query, query[at].ToString(), at + 1);        // a doubled quote begins another text
        if (query[at] == '[') return After(query, "]", at + 1);
        if (query[at] == '$' && rest.IndexOf('$', 1) is > 0 and var tagEnd && rest[1..tagEnd].All(letter => char.IsLetterOrDigit(letter) || letter == '_'))
            return After(query, rest[..(tagEnd + 1)], at + tagEnd + 1);
        int end = at + 1;
        if (char.IsLetter(query[at]) || query[at] == '_')
            while (end < query.Length && (char.IsLetterOrDigit(query[end]) || query[end] == '_')) end++;
        return end;
    }

    private static int After(string query, string mark, int from) =>
        query.IndexOf(mark, from, StringComparison.Ordinal) is >= 0 and var found ? found + mark.Length : query.Length;
}
