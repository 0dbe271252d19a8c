using Cluster.Ml.Numerics;

namespace Cluster.Ml.Privacy;

/// <summary>
/// The mechanism of private training: each step draws every training row with probability q, adds up the drawn rows'
/// gradients clipped to norm C, and adds Gaussian noise of standard deviation σ·C to each number of the sum.
/// </summary>
/// <remarks>
/// Guarantee             (α, ε(α))-Rényi differential privacy of each step, for every order α &gt; 1 at once; steps add up
/// Neighbouring relation data sets that differ by adding or removing one training row
/// Sensitivity           C in the L2 norm, by clipping; σ is measured in units of it
/// Theorem used          ε(α) = log A(α) / (α − 1),  A(α) = E over z ~ N(0, σ²) of ((1 − q) + q·e^((2z − 1)/(2σ²)))^α;
///                       for whole α the binomial sum, otherwise the signed series of § 3.3, which is exact
/// What voids it         publishing the seed of a private job, or letting anybody guess it: the noise is a function of the
///                       seed, the step and the index, so anyone who knows the seed can subtract it (draw the seed of a
///                       private job from a secure source and keep the job file secret) · batches of a fixed size or in
///                       shuffled order instead of Poisson draws · dividing by the number of rows drawn instead of the
///                       configured batch · a scaler fitted on the training rows, figures measured on them, and the choice
///                       among several trained models, none of which is accounted for · noise drawn in finite precision
///                       (Mironov, CCS 2012), which this mechanism does not defend against
/// What does not         a step that is repeated after a crash: it draws the same rows and the same noise, hence releases
///                       nothing new
/// Source                Mironov, Talwar, Zhang, "Rényi Differential Privacy of the Sampled Gaussian Mechanism", 2019
/// </remarks>
public static class SubsampledGaussian
{
    /// <summary>Terms of the accelerated tail: its error is below 2·5.8^(−n) of its first term.</summary>
    private const int TailTerms = 26;

    /// <summary>The Rényi divergence ε(α) of one step.</summary>
    /// <remarks>
    /// Range     0 for q = 0; α/(2σ²) for q = 1; +∞ for σ = 0 (unless q = 0)
    /// Cost      O(α) for whole α, O(α + 26) otherwise
    /// Differs   from implementations that add the absolute values of the series' terms, which gives an upper bound
    /// </remarks>
    /// <param name="rate">q: probability that a row is drawn, in [0, 1].</param>
    /// <param name="noise">σ: noise multiplier, ≥ 0.</param>
    /// <param name="order">α &gt; 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range.</exception>
    public static double Rdp(double rate, double noise, double order)
    {
        if (!(rate is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "SubsampledGaussian: wanted a rate from 0 to 1.");
        if (!(noise >= 0)) throw new ArgumentOutOfRangeException(nameof(noise), noise, "SubsampledGaussian: wanted noise of at least 0.");
        if (!(order > 1)) throw new ArgumentOutOfRangeException(nameof(order), order, "SubsampledGaussian: wanted an order above 1.");
        if (rate == 0) return 0;
        if (noise == 0) return double.PositiveInfinity;
        if (rate == 1) return order / (2 * noise * noise);
        double logA = order == Math.Floor(order) ? LogAWhole(rate, noise, (int)order) : LogAFractional(rate, noise, order);
        return Math.Max(0, logA / (order - 1));   // A ≥ 1; rounding may fall short of it by one unit
    }

    /// <summary>A(α) = Σₖ C(α, k) (1 − q)^(α−k) q^k e^((k² − k)/(2σ²)), equation in § 3.3, Table 1.</summary>
    private static double LogAWhole(double q, double sigma, int order)
    {
        double logQ = Math.Log(q), logRest = MathLibrary.LogOnePlus(-q), logBinomial = 0, sum = double.NegativeInfinity;
        for (int k = 0; k <= order; k++)
        {
            double exponent = ((double)k * (k - 1)) / (2 * sigma * sigma);
            sum = LogSpace.Add(sum, logBinomial + (k * logQ) + ((order - k) * logRest) + exponent);
            logBinomial += Math.Log((double)(order - k) / (k + 1));
        }
        return sum;
    }

    /// <summary>
    /// A(α) as two series, one for each side of z₀ = ½ + σ²·log(1/q − 1): Σₖ C(α, k)·(…)·½erfc(±(… − z₀)/(√2σ)).
    /// </summary>
    /// <remarks>
    /// From k &gt; α on, C(α, k) changes its sign with every k and the terms are moments of a positive measure (a beta
    /// integral times a Laplace transform), for which the alternating tail is summed to the last digit by few terms:
    /// Cohen, Rodriguez Villegas, Zagier, "Convergence acceleration of alternating series", 2000, algorithm 1.
    /// </remarks>
    private static double LogAFractional(double q, double sigma, double order)
    {
        Series series = new(q, sigma, order);
        int whole = (int)Math.Floor(order) + 1;   // C(α, k) > 0 for k ≤ whole, then the signs alternate
        double head = double.NegativeInfinity;
        double logBinomial = 0;
        for (int k = 0; k <= whole; k++)
        {
            head = LogSpace.Add(head, logBinomial + LogSpace.Add(series.Left(k), series.Right(k)));
            logBinomial += Math.Log(Math.Abs(order - k) / (k + 1));
        }
        double scale = logBinomial + LogSpace.Add(series.Left(whole + 1), series.Right(whole + 1));
        double tail = AlternatingTail(series, whole + 1, logBinomial, scale);   // Σⱼ (−1)^j aⱼ / e^scale, a₀ = first negative term
        return head + MathLibrary.LogOnePlus(-tail * Math.Exp(scale - head));
    }

    private static double AlternatingTail(in Series series, int first, double logBinomial, double scale)
    {
        double d = Math.Pow(3 + Math.Sqrt(8), TailTerms);
        d = (d + (1 / d)) / 2;
        double b = -1, c = -d, sum = 0;
        for (int j = 0; j < TailTerms; j++)
        {
            int k = first + j;
            c = b - c;
            sum += c * Math.Exp(logBinomial + LogSpace.Add(series.Left(k), series.Right(k)) - scale);
            b *= (double)(j + TailTerms) * (j - TailTerms) / ((j + 0.5) * (j + 1));
            logBinomial += Math.Log(Math.Abs(series.Order - k) / (k + 1));
        }
        return sum / d;
    }

    /// <summary>The logarithms of the two series' terms, without the binomial coefficient.</summary>
    private readonly struct Series(double q, double sigma, double order)
    {
        private readonly double _logQ = Math.Log(q);
        private readonly double _logRest = MathLibrary.LogOnePlus(-q);
        private readonly double _border = 0.5 + (sigma * sigma * Math.Log((1 / q) - 1));   // z₀

        public double Order { get; } = order;

        public double Left(int k) => Term(k, Order - k, k, k - _border);

        public double Right(int k) => Term(Order - k, k, Order - k, _border - (Order - k));

        private double Term(double powerOfQ, double powerOfRest, double j, double beyond) =>
            (powerOfQ * _logQ) + (powerOfRest * _logRest) + (((j * j) - j) / (2 * sigma * sigma))
            + Math.Log(0.5) + LogSpace.LogErfc(beyond / (Math.Sqrt(2) * sigma));
    }
}
