using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees;

/// <summary>The key criterion: what a split makes smaller.</summary>
internal static class SplitCriterion
{
    public const string Auto = "auto";
    private const string Gini = "gini", Entropy = "entropy", Variance = "variance";

    /// <summary>Declares it, and refuses what does not fit the target.</summary>
    /// <param name="keys">The set.</param>
    /// <param name="get">Reads the word.</param>
    /// <param name="set">The options with another word.</param>
    /// <param name="regresses">Whether the target is a number.</param>
    public static KeySet<T> Criterion<T>(this KeySet<T> keys, Func<T, string> get, Func<T, string, T> set, Func<T, bool> regresses)
        where T : class => keys.Word(
            "criterion", "What a split makes smaller; auto is gini for classes and variance for numbers.", get, set, [Auto, Gini, Entropy, Variance],
            source: "Breiman et al., 1984")
        .Check((map, options) =>
        {
            if (get(options) != Auto && regresses(options) != (get(options) == Variance))
                map.Error("criterion", regresses(options) ? "variance with task: regression" : "gini or entropy with task: classification", "change one of the two, or leave criterion out");
        });

    /// <summary>The rule of a word.</summary>
    /// <param name="word">One that fits the target.</param>
    /// <param name="regresses">Whether the target is a number.</param>
    /// <param name="classes">How many there are of others.</param>
    public static SplitRule RuleFor(string word, bool regresses, int classes) =>
        regresses ? new VarianceRule() : word == Entropy ? new EntropyRule(classes) : new GiniRule(classes);
}
