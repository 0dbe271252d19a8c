using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Clustering;

/// <summary>What a job says about K-means.</summary>
public sealed record KMeansOptions : ModelOptions
{
    internal static readonly KeySet<KMeansOptions> Declared = new KeySet<KMeansOptions>(new())
        .Whole("clusters", "How many clusters.", o => o.Clusters, (o, value) => o with { Clusters = value }, 1, JobDefaults.UnitsMax, source: "scikit-learn")
        .Whole(
            "restarts", "How many starts run side by side; the best is kept.", o => o.Restarts, (o, value) => o with { Restarts = value }, 1, 1000,
            source: "scikit-learn before 1.4")
        .Word(
            "start", "Where centroids begin: on rows far from each other, or on any rows.", o => o.Start, (o, value) => o with { Start = value },
            ["plus-plus", Random], source: "Arthur and Vassilvitskii, SODA 2007")
        .Flag(
            "mini-batch", "Whether a step looks at training.batch rows and not at all of them.", o => o.MiniBatch, (o, value) => o with { MiniBatch = value });

    private const string Random = "random";

    /// <summary>How many clusters.</summary>
    public int Clusters { get; init; } = 8;

    /// <summary>How many starts run side by side; the best is kept.</summary>
    public int Restarts { get; init; } = 10;

    /// <summary>Where centroids begin: plus-plus or random.</summary>
    public string Start { get; init; } = "plus-plus";

    /// <summary>Whether a step looks at a batch of rows.</summary>
    public bool MiniBatch { get; init; }

    /// <summary>Whether they begin on any rows.</summary>
    public bool StartsAnywhere => Start == Random;
}
