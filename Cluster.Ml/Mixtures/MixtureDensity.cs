using Cluster.Ml.Numerics;

namespace Cluster.Ml.Mixtures;

/// <summary>Log-densities of rows under one start's Gaussians, in log space.</summary>
/// <remarks>
/// Equation  s_c = ln w_c − ½(d·ln 2π + ln |Σ_c| + (x − μ_c)ᵀΣ_c⁻¹(x − μ_c));  ln p = m + ln Σ exp(s_c − m), m = max s_c;  r_c = exp(s_c − ln p)
/// Units     nats
/// Source    Bishop, Pattern Recognition and Machine Learning (2006), eq. 9.23
/// </remarks>
internal sealed class MixtureDensity(CovarianceForm form, int components, int features)
{
    private static readonly double s_log2Pi = StableMath.Log(2 * Math.PI);

    private readonly double[] _means = new double[components * features], _factors = new double[form.Length];
    private readonly double[] _offsets = new double[components], _responsibilities = new double[components], _difference = new double[features];

    /// <summary>r_c of the last row, [k].</summary>
    public ReadOnlySpan<double> Responsibilities => _responsibilities;

    /// <summary>Arranges a start's Gaussians.</summary>
    public void Set(MixtureRun run)
    {
        run.Means.CopyTo(_means);
        form.Factor(run.Covariances, _factors, _offsets);
        for (int c = 0; c < components; c++) _offsets[c] = StableMath.Log(run.Weights[c]) - _offsets[c] - (0.5 * features * s_log2Pi);
    }

    /// <summary>ln p of a row, and the likeliest component, the first of equals.</summary>
    public (double LogDensity, int Likeliest) Measure(ReadOnlySpan<double> x)
    {
        int best = 0;
        for (int c = 0; c < components; c++)
        {
            Span<double> difference = Difference(x, c);
            _responsibilities[c] = _offsets[c] - (0.5 * form.Squared(_factors, c, difference));
            if (_responsibilities[c] > _responsibilities[best]) best = c;
        }
        double largest = _responsibilities[best], sum = 0;
        for (int c = 0; c < components; c++) _responsibilities[c] -= largest;
        StableMath.Exp(_responsibilities, _responsibilities);
        foreach (double part in _responsibilities) sum += part;
        for (int c = 0; c < components; c++) _responsibilities[c] /= sum;
        return (largest + StableMath.Log(sum), best);
    }

    /// <summary>x − μ_c, [d]; holds until the next is asked for.</summary>
    public Span<double> Difference(ReadOnlySpan<double> x, int component)
    {
        ReadOnlySpan<double> mean = _means.AsSpan(component * features, features);
        for (int f = 0; f < x.Length; f++) _difference[f] = x[f] - mean[f];
        return _difference;
    }
}
