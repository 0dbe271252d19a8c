using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Jobs;

/// <summary>What a job says about its model beside its kind; each kind has its own record, beside its learner.</summary>
public abstract record ModelOptions
{
    /// <summary>Of a kind that has no keys.</summary>
    public static readonly ModelOptions None = new NoOptions();

    /// <summary>The keys of <see cref="None"/>.</summary>
    internal static readonly KeySet NoKeys = new KeySet<ModelOptions>(None);

    /// <summary>Why steps depend on how many epochs there are; null if they do not.</summary>
    internal virtual string? EpochsMatter => null;

    /// <summary>How the model learns to treat rows of data.adapt-to; null for not at all.</summary>
    internal virtual AdaptSpec? Adaptation => null;

    /// <summary>The share of the absolute coefficients in the penalty of a straight line, from 0; null for any other model.</summary>
    internal virtual double? AbsoluteShare => null;

    private sealed record NoOptions : ModelOptions;
}
