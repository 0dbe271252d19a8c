namespace Cluster.Ml.Evaluation;

/// <summary>Named figures of one split, in a fixed order: accuracy, log-loss, r2, rmse, inertia, …</summary>
/// <param name="Values">Name (lower case, hyphenated) and figure.</param>
/// <param name="Confusion">Counts [actual, predicted] if there are classes; otherwise null.</param>
public sealed record Metrics(IReadOnlyList<KeyValuePair<string, double>> Values, long[,]? Confusion = null)
{
    /// <summary>No figures at all.</summary>
    public static readonly Metrics None = new([]);

    /// <summary>Whether every figure is a finite number, or undefined: r2 of targets that do not differ.</summary>
    public bool AreFinite
    {
        get
        {
            foreach ((string name, double value) in Values)
                if (!double.IsFinite(value) && !(double.IsNaN(value) && name == RegressionSums.R2)) return false;
            return true;
        }
    }

    /// <summary>The figure of this name, or null.</summary>
    public double? this[string name]
    {
        get
        {
            foreach ((string key, double value) in Values)
                if (key == name) return value;
            return null;
        }
    }
}
