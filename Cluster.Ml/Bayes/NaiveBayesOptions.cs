using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Bayes;

/// <summary>What a job says about naive Bayes.</summary>
public sealed record NaiveBayesOptions : ModelOptions
{
    internal static readonly KeySet<NaiveBayesOptions> Declared = new KeySet<NaiveBayesOptions>(new())
        .Word(
            "distribution", "How a column is distributed within a class: about a mean, as counts, or as present (above 0) and absent.", o => o.Distribution,
            (o, value) => o with { Distribution = value }, [Gaussian, Multinomial, Bernoulli])
        .OptionalNumber(
            "smoothing", "gaussian: share of the largest variance that is added to each variance, by default 1e-9; otherwise what is added to each count, by default 1.",
            o => o.Smoothing, (o, value) => o with { Smoothing = value }, NumberRange.Positive,
            "1e-9 for gaussian, else 1");

    /// <summary>A mean and a variance a class and column.</summary>
    public const string Gaussian = "gaussian";

    /// <summary>Counts: how often a class has each column's event.</summary>
    public const string Multinomial = "multinomial";

    /// <summary>Whether a column is above 0.</summary>
    public const string Bernoulli = "bernoulli";

    private const double VarianceShare = 1e-9, Count = 1;

    /// <summary>How a column is distributed within a class: gaussian, multinomial or bernoulli.</summary>
    public string Distribution { get; init; } = Gaussian;

    /// <summary>Share of the largest variance that is added to each variance, or what is added to each count; above 0. Null for the distribution's default.</summary>
    public double? Smoothing { get; init; }

    /// <summary>The smoothing that holds: 1e-9 of gaussian columns, otherwise 1, if the job names none.</summary>
    public double SmoothingOrDefault => Smoothing ?? (Distribution == Gaussian ? VarianceShare : Count);
}
