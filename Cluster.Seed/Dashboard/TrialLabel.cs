namespace Cluster.Seed.Dashboard;

/// <summary>The label of a trial: its settings, key=value, a line each. What is no setting, such as the name of a fold, is its own key.</summary>
internal static class TrialLabel
{
    /// <summary>The keys of all labels, in the order of their first appearance.</summary>
    public static IReadOnlyList<string> KeysOf(IEnumerable<string> labels) => [.. labels.SelectMany(label => Settings(label).Select(setting => setting.Key)).Distinct()];

    /// <summary>The value that a label gives a key; empty if it gives none.</summary>
    public static string ValueOf(string label, string key) => Settings(label).FirstOrDefault(setting => setting.Key == key).Value ?? "";

    private static IEnumerable<KeyValuePair<string, string>> Settings(string label) =>
        from line in label.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let at = line.IndexOf('=', StringComparison.Ordinal)
        select at > 0 ? KeyValuePair.Create(line[..at], line[(at + 1)..]) : KeyValuePair.Create("task", line);
}
