using Cluster.Ml.Evaluation;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Nn;

/// <summary>How well an autoencoder gives rows back, and, of one with a distribution of codes, the bound on their likelihood.</summary>
/// <remarks>
/// Shapes    [count, Σ reconstruction, Σ divergence]
/// Equation  reconstruction and kl are means a row; elbo = −(reconstruction + kl), from one draw of the code
/// Units     nats a row if the likelihood is Bernoulli's
/// </remarks>
/// <param name="reconstruction">The head that gives the row back.</param>
/// <param name="divergence">The head of the code's distribution, or null.</param>
internal sealed class ReconstructionQuality(Head reconstruction, Head? divergence) : Quality
{
    private const int Count = 0, Reconstruction = 1, Divergence = 2;

    public override int Length => 3;

    public override bool DrawsRandom => divergence is not null;

    public override void Add(Span<double> sums, NetworkPass pass, int row, in Target target)
    {
        sums[Count]++;
        sums[Reconstruction] += reconstruction.Loss.Row(pass.OutputOf(reconstruction, row), target, []);
        if (divergence is not null) sums[Divergence] += divergence.Loss.Row(pass.OutputOf(divergence, row), target, []);
    }

    public override double Predict(NetworkPass pass, int row, in Target target, Span<double> scores) =>
        reconstruction.Loss.Row(pass.OutputOf(reconstruction, row), target, []);

    public override Metrics Measure(ReadOnlySpan<double> sums)
    {
        double count = sums[Count];
        if (count == 0) return Metrics.None;
        double given = sums[Reconstruction] / count, kl = sums[Divergence] / count;
        return divergence is null
            ? new Metrics([new("loss", given)])
            : new Metrics([new("elbo", -(given + kl)), new("reconstruction", given), new("kl", kl)]);
    }
}
