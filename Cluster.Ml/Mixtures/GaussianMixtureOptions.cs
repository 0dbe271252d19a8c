using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Mixtures;

/// <summary>What a job says about a mixture of Gaussians.</summary>
public sealed record GaussianMixtureOptions : ModelOptions
{
    internal static readonly KeySet<GaussianMixtureOptions> Declared = new KeySet<GaussianMixtureOptions>(new())
        .Whole("components", "How many Gaussians.", o => o.Components, (o, value) => o with { Components = value }, 1, 1024, source: "scikit-learn")
        .Word(
            "covariance", "How Gaussians may be stretched: each in any direction, all alike, each along the columns, or each alike in all columns.", o => o.Covariance,
            (o, value) => o with { Covariance = value }, [Full, Tied, Diagonal, Spherical], source: "scikit-learn")
        .Whole(
            "restarts", "How many starts run side by side; the one with the highest likelihood is kept.", o => o.Restarts, (o, value) => o with { Restarts = value }, 1, 100,
            source: "scikit-learn")
        .Number(
            "regularize", "Added to each variance, in squared units of the scaled columns.", o => o.Regularize, (o, value) => o with { Regularize = value },
            NumberRange.NotNegative, source: "scikit-learn");

    /// <summary>A covariance matrix a component.</summary>
    public const string Full = "full";

    /// <summary>One covariance matrix for all.</summary>
    public const string Tied = "tied";

    /// <summary>A variance a component and column.</summary>
    public const string Diagonal = "diagonal";

    /// <summary>A variance a component.</summary>
    public const string Spherical = "spherical";

    /// <summary>How many Gaussians.</summary>
    public int Components { get; init; } = 1;

    /// <summary>How they may be stretched: full, tied, diagonal or spherical.</summary>
    public string Covariance { get; init; } = Full;

    /// <summary>How many starts run side by side; the one with the highest likelihood is kept.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>Added to each variance; 0 or more.</summary>
    public double Regularize { get; init; } = 1e-6;
}
