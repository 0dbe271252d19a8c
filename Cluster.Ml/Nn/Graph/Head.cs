using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Nn.Graph;

/// <summary>A tensor of a network with what it costs.</summary>
/// <param name="Tensor">Which tensor.</param>
/// <param name="Loss">The cost of one row of it.</param>
/// <param name="Weight">What the cost is multiplied by in the sum over heads.</param>
internal sealed record Head(int Tensor, Loss Loss, float Weight = 1);
