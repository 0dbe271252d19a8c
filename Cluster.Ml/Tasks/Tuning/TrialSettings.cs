namespace Cluster.Ml.Tasks.Tuning;

/// <summary>The settings of a trial as one text, a line each: the specification of its task.</summary>
public static class TrialSettings
{
    /// <summary>The settings as one text.</summary>
    public static string Join(IEnumerable<string> settings) => string.Join('\n', settings);

    /// <summary>The settings, key.path=value each.</summary>
    public static string[] Split(string specification) => specification.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Key and value of each setting, in their order.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string specification) =>
    [
        .. Split(specification).Select(setting => setting.IndexOf('=', StringComparison.Ordinal) is var at and >= 0
            ? KeyValuePair.Create(setting[..at], setting[(at + 1)..])
            : KeyValuePair.Create(setting, "")),
    ];
}
