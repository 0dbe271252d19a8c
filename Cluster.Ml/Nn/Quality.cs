using Cluster.Ml.Evaluation;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Nn;

/// <summary>Sums over rows from which a network's quality is told.</summary>
internal abstract class Quality
{
    /// <summary>How many sums.</summary>
    public abstract int Length { get; }

    /// <summary>Whether the network is to draw random numbers while it is measured.</summary>
    public virtual bool DrawsRandom => false;

    /// <summary>Adds one row that has passed through the network.</summary>
    /// <param name="sums">[Length], added to.</param>
    /// <param name="pass">Holds the outputs of all heads.</param>
    /// <param name="row">Which row of the pass.</param>
    /// <param name="target">What the outputs were to become.</param>
    public abstract void Add(Span<double> sums, NetworkPass pass, int row, in Target target);

    /// <summary>What the network says about one row: the class index, the value, or how badly the row is given back.</summary>
    /// <param name="pass">Holds the outputs of all heads.</param>
    /// <param name="row">Which row of the pass.</param>
    /// <param name="target">The row itself, and what the outputs were to become if that is known.</param>
    /// <param name="scores">[classes] probabilities, overwritten; or empty.</param>
    public abstract double Predict(NetworkPass pass, int row, in Target target, Span<double> scores);

    /// <summary>Names the figures. No rows give no figures.</summary>
    /// <param name="sums">[Length].</param>
    public abstract Metrics Measure(ReadOnlySpan<double> sums);
}
