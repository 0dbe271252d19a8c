using Cluster.Ml.Export.Onnx;

namespace Cluster.Ml.Mixtures;

/// <summary>How the covariances of a mixture are stored, estimated and used.</summary>
/// <param name="components">k.</param>
/// <param name="features">d.</param>
/// <remarks>
/// Equation  M-step, by moments about the current means μ:  Δ = Σᵢ rᵢ(xᵢ − μ) / N,  Σ = Σᵢ rᵢ(xᵢ − μ)(xᵢ − μ)ᵀ / N − ΔΔᵀ + ε·I,  N = Σᵢ rᵢ
/// Shapes    covariances, second moments and factors [Length]
/// Range     a component that no row belongs to has ε·I; the form holds no numbers, so that one serves any number of threads
/// Source    Bishop, Pattern Recognition and Machine Learning (2006), eqs. 9.24 to 9.26
/// </remarks>
internal abstract class CovarianceForm(int components, int features)
{
    /// <summary>How many numbers.</summary>
    public abstract int Length { get; }

    /// <summary>Sizes of the axes of <see cref="Whole"/>.</summary>
    public abstract IReadOnlyList<int> Shape { get; }

    protected int Components => components;

    protected int Features => features;

    /// <summary>The form that a job names.</summary>
    public static CovarianceForm Of(string covariance, int components, int features) => covariance switch
    {
        GaussianMixtureOptions.Diagonal => new AxisCovariance(components, features, alike: false),
        GaussianMixtureOptions.Spherical => new AxisCovariance(components, features, alike: true),
        _ => new MatrixCovariance(components, features, tied: covariance == GaussianMixtureOptions.Tied),
    };

    /// <summary>Adds a row's weighted second moment about a component's mean.</summary>
    /// <param name="seconds">[Length], changed.</param>
    /// <param name="component">Which component.</param>
    /// <param name="weight">r.</param>
    /// <param name="difference">x − μ, [d].</param>
    public abstract void Add(Span<double> seconds, int component, double weight, ReadOnlySpan<double> difference);

    /// <summary>Estimates the covariances of all components.</summary>
    /// <param name="seconds">[Length].</param>
    /// <param name="counts">N of each component, [k].</param>
    /// <param name="shifts">Δ of each component, [k, d].</param>
    /// <param name="regularize">ε.</param>
    /// <param name="covariances">[Length], overwritten.</param>
    public abstract void Estimate(
        ReadOnlySpan<double> seconds, ReadOnlySpan<double> counts, ReadOnlySpan<double> shifts, double regularize, Span<double> covariances);

    /// <summary>Arranges covariances for <see cref="Squared"/>.</summary>
    /// <param name="covariances">[Length].</param>
    /// <param name="factors">[Length], overwritten.</param>
    /// <param name="halfLogDeterminants">½ ln |Σ| of each component, [k], overwritten.</param>
    /// <returns>The first component whose covariance has no inverse, or −1.</returns>
    public abstract int Factor(ReadOnlySpan<double> covariances, Span<double> factors, Span<double> halfLogDeterminants);

    /// <summary>(x − μ)ᵀΣ⁻¹(x − μ).</summary>
    /// <param name="factors">Of <see cref="Factor"/>.</param>
    /// <param name="component">Which component.</param>
    /// <param name="difference">x − μ, [d]; destroyed.</param>
    public abstract double Squared(ReadOnlySpan<double> factors, int component, Span<double> difference);

    /// <summary>(x − μ)ᵀΣ⁻¹(x − μ) as operators, [rows, k].</summary>
    /// <param name="graph">Added to.</param>
    /// <param name="factors">Of <see cref="Factor"/>.</param>
    /// <param name="differences">x − μ, [rows, k, d].</param>
    public abstract string WriteSquared(OnnxGraph graph, ReadOnlySpan<double> factors, string differences);

    /// <summary>The covariances with all their elements, in units of the source's columns.</summary>
    /// <param name="covariances">[Length].</param>
    /// <param name="divisors">What each column was divided by, [d].</param>
    public abstract double[] Whole(ReadOnlySpan<double> covariances, double[] divisors);
}
