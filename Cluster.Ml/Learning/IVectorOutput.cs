namespace Cluster.Ml.Learning;

/// <summary>A learner that says a vector of each row: coordinates along other axes, a code.</summary>
public interface IVectorOutput
{
    /// <summary>What each number of the vector is called; they stand in the place of class scores in <see cref="IContributor.Predict"/>.</summary>
    IReadOnlyList<string> OutputNames { get; }
}
