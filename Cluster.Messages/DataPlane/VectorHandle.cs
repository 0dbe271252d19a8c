namespace Cluster.Messages.DataPlane;

/// <summary>Names numbers in the memory of another node. A message carries it in place of the numbers, which travel by the data plane.</summary>
/// <param name="From">The node that has them.</param>
/// <param name="Key">Which of its vectors. A vector that is sent again, with the same bits, has the same key.</param>
/// <param name="Bytes">How long the vector is.</param>
public sealed record VectorHandle(DataPeer From, VectorKey Key, int Bytes);
