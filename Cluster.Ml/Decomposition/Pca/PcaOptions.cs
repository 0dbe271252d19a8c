using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Decomposition.Pca;

/// <summary>What a job says about principal component analysis.</summary>
public sealed record PcaOptions : ModelOptions
{
    /// <summary>By the eigenvectors of the covariance matrix.</summary>
    internal const string Covariance = "covariance";

    internal static readonly KeySet<PcaOptions> Declared = new KeySet<PcaOptions>(new())
        .Whole("components", "Directions that are kept, at most as many as columns and rows.", o => o.Components, (o, value) => o with { Components = value }, 1, PcaLearner.FeaturesMax)
        .Flag("whiten", "Whether each coordinate is divided by its standard deviation.", o => o.Whiten, (o, value) => o with { Whiten = value })
        .Word("solver", "How the directions are found.", o => o.Solver, (o, value) => o with { Solver = value }, [Covariance]);

    /// <summary>Directions that are kept, 1 to 2,048. Too few lose what rows differ by; as many as columns only turn the axes.</summary>
    public int Components { get; init; } = 2;

    /// <summary>Whether each coordinate is divided by its standard deviation, so that all vary alike.</summary>
    public bool Whiten { get; init; }

    /// <summary>How the directions are found: by the covariance matrix.</summary>
    public string Solver { get; init; } = Covariance;
}
