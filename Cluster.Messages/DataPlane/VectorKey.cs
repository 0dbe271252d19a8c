namespace Cluster.Messages.DataPlane;

/// <summary>Names one vector between two nodes: what it is and of which round. Sender and receiver agree on the stream by a message of the control plane.</summary>
/// <param name="Stream">What it is: a job's state, or a range's part of a worker's sums. Streams do not wait for each other.</param>
/// <param name="Life">The parameter server's incarnation.</param>
/// <param name="Round">The round of that life.</param>
public readonly record struct VectorKey(long Stream, long Life, long Round)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Stream:x}/{Life}/{Round}";
}
