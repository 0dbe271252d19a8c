namespace Cluster.Ml.Evaluation;

/// <summary>A figure that says how good a model is.</summary>
/// <param name="Name">As in results: lower case, hyphenated.</param>
/// <param name="Better">Which way is better.</param>
/// <param name="Meaning">What it is: one line.</param>
public sealed record Figure(string Name, Better Better, string Meaning)
{
    /// <summary>Mean −ln of the probability of the actual class.</summary>
    public static readonly Figure LogLoss = new("log-loss", Better.Lower, "mean of -ln of the probability of the actual class, nats");

    /// <summary>Share of rows whose class is predicted rightly.</summary>
    public static readonly Figure Accuracy = new("accuracy", Better.Higher, "share of rows whose class is predicted rightly");

    /// <summary>Root of the mean squared error.</summary>
    public static readonly Figure Rmse = new("rmse", Better.Lower, "root of the mean squared error, in units of the target");

    /// <summary>Share of the targets' variance that is explained.</summary>
    public static readonly Figure R2 = new("r2", Better.Higher, "share of the variance of the target that is explained");

    /// <summary>Mean loss of a row or token.</summary>
    public static readonly Figure Loss = new("loss", Better.Lower, "mean loss");

    /// <summary>Whether it may choose between models by the rows that they were trained on: a larger model does not have a better one for that alone.</summary>
    public bool JudgesTraining { get; init; }

    /// <summary>The figures of a classifier, the one that decides first.</summary>
    public static readonly IReadOnlyList<Figure> OfClasses = [LogLoss, Accuracy];

    /// <summary>The figures of a regression, the one that decides first.</summary>
    public static readonly IReadOnlyList<Figure> OfNumbers = [Rmse, R2];

    /// <summary>The one number by which two states of a model are compared, lower being better: the first figure that has a direction and was measured.</summary>
    /// <returns>NaN if there is none.</returns>
    public static double LossOf(IReadOnlyList<Figure> figures, Metrics metrics)
    {
        foreach (Figure figure in figures)
            if (figure.Better != Better.Neither && metrics[figure.Name] is { } value)
                return figure.Better == Better.Lower ? value : -value;
        return double.NaN;
    }
}

/// <summary>Which way a figure is better.</summary>
public enum Better
{
    /// <summary>Lower, as of a loss.</summary>
    Lower,

    /// <summary>Higher, as of an accuracy.</summary>
    Higher,

    /// <summary>Neither: it describes.</summary>
    Neither,
}
