namespace Cluster.Ml.Jobs.Keys;

/// <summary>The key task of models that learn either classes or numbers.</summary>
internal static class TaskKey
{
    private const string Classification = "classification", Regression = "regression";

    /// <summary>Declares it; classes are the default, and are not written.</summary>
    /// <param name="keys">The set.</param>
    /// <param name="get">Whether the target is a number and not a class.</param>
    /// <param name="set">The options with another answer.</param>
    public static KeySet<T> Task<T>(this KeySet<T> keys, Func<T, bool> get, Func<T, bool, T> set)
        where T : class => keys.Word(
            "task", "What the target is: one of several classes, or a number.", o => get(o) ? Regression : Classification,
            (o, value) => set(o, value == Regression), [Classification, Regression], written: false);
}
