using Cluster.Ml.Randomness;

namespace Cluster.Ml.Nn.Initializers;

/// <summary>Rows of normal numbers, each made orthogonal to those before it and of length 1 (Gram and Schmidt, twice for accuracy).</summary>
/// <remarks>
/// Cost    O(count²·length), once before training
/// Source  Saxe, McClelland, Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", ICLR 2014
/// </remarks>
internal static class OrthonormalRows
{
    /// <summary>Draws them.</summary>
    /// <param name="count">How many, at most their length.</param>
    /// <param name="length">Numbers a row.</param>
    /// <param name="streamOf">What the numbers of a row are drawn from.</param>
    public static double[][] Draw(int count, int length, Func<int, RandomStream> streamOf)
    {
        var rows = new double[count][];
        for (int i = 0; i < count; i++)
        {
            RandomStream stream = streamOf(i);
            rows[i] = new double[length];
            foreach (ref double number in rows[i].AsSpan()) number = stream.NextGaussian();
            for (int pass = 0; pass < 2; pass++)
                for (int other = 0; other < i; other++)
                    Subtract(rows[i], rows[other], Dot(rows[i], rows[other]));
            double norm = Math.Sqrt(Dot(rows[i], rows[i]));
            for (int j = 0; j < length; j++) rows[i][j] /= norm;
        }
        return rows;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum = Math.FusedMultiplyAdd(a[i], b[i], sum);
        return sum;
    }

    private static void Subtract(double[] a, double[] b, double factor)
    {
        for (int i = 0; i < a.Length; i++) a[i] = Math.FusedMultiplyAdd(-factor, b[i], a[i]);
    }
}
