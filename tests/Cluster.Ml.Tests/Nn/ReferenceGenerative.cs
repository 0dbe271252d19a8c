using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Nn;

/// <summary>Generative models in plain double precision: rows of 7, codes of 2, one hidden layer of 5, 6 and 4 units in encoder, decoder and discriminator.</summary>
internal sealed class ReferenceGenerative(string kind, double noise, int randomPerRow)
{
    public const int Features = 7, Latent = 2;

    /// <summary>What one example costs at a step.</summary>
    public double Loss(double[] parameters, float[] row, int exampleId, long step)
    {
        double[] x = [.. row.Select(value => (double)value)];
        double[] random = Gaussian(exampleId, step, kind == "autoencoder" ? Features : Latent);
        int encoder = 0, decoder = (8 * 5) + (6 * (kind == "vae" ? 4 : 2)), discriminator = decoder + (3 * 6) + (7 * 7);
        if (kind == "gan") (decoder, discriminator) = (0, (3 * 6) + (7 * 7));
        double[] Encode(double[] input, int units) => Dense(parameters, Dense(parameters, input, encoder, 5, "tanh"), encoder + (8 * 5), units, "none");
        double[] Decode(double[] code, string end) => Dense(parameters, Dense(parameters, code, decoder, 6, "relu"), decoder + (3 * 6), Features, end);
        double Tell(double[] seen) => Dense(parameters, Dense(parameters, seen, discriminator, 4, "leaky-relu"), discriminator + ((seen.Length + 1) * 4), 1, "none")[0];

        switch (kind)
        {
            case "autoencoder":
                return Squares(Decode(Encode([.. x.Select((value, i) => value + (noise * random[i]))], Latent), "none"), x);
            case "vae":
                double[] moments = Encode(x, 2 * Latent);
                double[] code = [.. Enumerable.Range(0, Latent).Select(j => moments[j] + (Math.Exp(moments[Latent + j] / 2) * random[j]))];
                double divergence = -0.5 * Enumerable.Range(0, Latent).Sum(j => 1 + moments[Latent + j] - (moments[j] * moments[j]) - Math.Exp(moments[Latent + j]));
                return CrossEntropies(Decode(code, "none"), x) + divergence;
            case "gan" when step % 2 == 0:
                return CrossEntropy(Tell(x), 1) + CrossEntropy(Tell(Decode(random, "sigmoid")), 0);
            case "gan":
                return CrossEntropy(Tell(Decode(random, "sigmoid")), 1);
            default:
                return (step % 3) switch
                {
                    0 => CrossEntropies(Decode(Encode(x, Latent), "none"), x),
                    1 => CrossEntropy(Tell(random), 1) + CrossEntropy(Tell(Encode(x, Latent)), 0),
                    _ => CrossEntropy(Tell(Encode(x, Latent)), 1),
                };
        }
    }

    private double[] Gaussian(int exampleId, long step, int count)
    {
        float[] numbers = new float[count];
        Philox.FillGaussian(numbers, 42, RandomPurpose.Noise, step, (long)exampleId * randomPerRow);
        return [.. numbers.Select(value => (double)value)];
    }

    private static double Squares(double[] y, double[] x) => y.Zip(x, (a, b) => (a - b) * (a - b)).Sum();

    private static double CrossEntropies(double[] logits, double[] x) => logits.Zip(x, CrossEntropy).Sum();

    private static double CrossEntropy(double logit, double wanted) => Math.Log(1 + Math.Exp(-Math.Abs(logit))) + Math.Max(logit, 0) - (logit * wanted);

    private static double[] Dense(double[] parameters, double[] x, int offset, int units, string activation)
    {
        double[] y = new double[units];
        for (int j = 0; j < units; j++)
        {
            double z = parameters[offset + (x.Length * units) + j];
            for (int i = 0; i < x.Length; i++) z += x[i] * parameters[offset + (i * units) + j];
            y[j] = activation switch
            {
                "tanh" => Math.Tanh(z),
                "relu" => Math.Max(z, 0),
                "leaky-relu" => z < 0 ? 0.01 * z : z,
                "sigmoid" => 1 / (1 + Math.Exp(-z)),
                _ => z,
            };
        }
        return y;
    }
}
