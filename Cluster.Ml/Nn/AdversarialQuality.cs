using Cluster.Ml.Evaluation;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Nn;

/// <summary>How well a discriminator tells real from false, and a generator deceives it; of an adversarial autoencoder, its codes and reconstruction too.</summary>
/// <remarks>
/// Shapes    [count, Σ loss of the discriminator, Σ loss of the generator, answers right of 2 a row, Σ reconstruction, Σ z, Σ z²]
/// Equation  discriminator-accuracy = right / (2·count), ½ if nothing can be told apart;
///           code-mean = Σ z / (count·L), code-variance = Σ z² / (count·L) − code-mean², 0 and 1 if codes match their prior
/// Units     losses in nats a row
/// </remarks>
/// <param name="answers">The head of the discriminator's two answers: of the real and of the false.</param>
/// <param name="reconstruction">The head that gives the row back, or null.</param>
/// <param name="code">The tensor of the codes, if there is a reconstruction.</param>
internal sealed class AdversarialQuality(Head answers, Head? reconstruction = null, Head? code = null) : Quality
{
    private const int Count = 0, Discriminator = 1, Generator = 2, Right = 3, Reconstruction = 4, CodeSum = 5, CodeSquares = 6, CodeNumbers = 7;
    private static readonly SigmoidCrossEntropy s_single = new();

    public override int Length => 8;

    public override bool DrawsRandom => true;

    public override void Add(Span<double> sums, NetworkPass pass, int row, in Target target)
    {
        ReadOnlySpan<float> said = pass.OutputOf(answers, row);
        sums[Count]++;
        sums[Discriminator] += answers.Loss.Row(said, target, []);
        sums[Generator] += s_single.Row(said[1..], 1, []);
        sums[Right] += (said[0] > 0 ? 1 : 0) + (said[1] <= 0 ? 1 : 0);
        if (reconstruction is null || code is null) return;
        sums[Reconstruction] += reconstruction.Loss.Row(pass.OutputOf(reconstruction, row), target, []);
        foreach (float z in pass.OutputOf(code, row))
        {
            sums[CodeSum] += z;
            sums[CodeSquares] += (double)z * z;
            sums[CodeNumbers]++;
        }
    }

    public override double Predict(NetworkPass pass, int row, in Target target, Span<double> scores) => reconstruction is null
        ? pass.OutputOf(answers, row)[0] > 0 ? 1 : 0
        : reconstruction.Loss.Row(pass.OutputOf(reconstruction, row), target, []);

    public override Metrics Measure(ReadOnlySpan<double> sums)
    {
        double count = sums[Count];
        if (count == 0) return Metrics.None;
        KeyValuePair<string, double>[] both =
        [
            new("discriminator-loss", sums[Discriminator] / count), new("generator-loss", sums[Generator] / count),
            new("discriminator-accuracy", sums[Right] / (2 * count)),
        ];
        if (reconstruction is null) return new Metrics(both);
        double mean = sums[CodeSum] / sums[CodeNumbers];
        return new Metrics(
        [
            new("loss", sums[Reconstruction] / count), .. both,
            new("code-mean", mean), new("code-variance", Math.Max(0, (sums[CodeSquares] / sums[CodeNumbers]) - (mean * mean))),
        ]);
    }
}
