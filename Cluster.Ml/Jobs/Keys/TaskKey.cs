namespace Cluster.Ml.Jobs.Keys;

/// <summary>The key task of models that learn either classes or numbers.</summary>
internal static class TaskKey
{
    /// <summary>The key, and its path in a job.</summary>
    internal const string Name = "task", Path = $"model.{Name}";

    /// <summary>Its values.</summary>
    internal const string Classification = "classification", Regression = "regression";

    /// <summary>Declares it. A job file that leaves it out is told what the target shows (<see cref="JobFile.Read"/>); a text alone is of classes then.</summary>
    /// <param name="keys">The set.</param>
    /// <param name="get">Whether the target is a number and not a class.</param>
    /// <param name="set">The options with another answer.</param>
    public static KeySet<T> Task<T>(this KeySet<T> keys, Func<T, bool> get, Func<T, bool, T> set)
        where T : class => keys
        .Word(
            Name, "What the target is: one of several classes, or a number. Texts and few whole numbers show the one, numbers with decimals the other.", o => get(o) ? Regression : Classification,
            (o, value) => set(o, value == Regression), [Classification, Regression])
        .Otherwise("what the target shows");
}
