namespace Cluster.Ml.Decomposition.Pca;

/// <summary>The parts of a PCA state.</summary>
/// <remarks>Shapes  [mean [d], components [k, d], their variances [k], variance of all features together, training rows]</remarks>
internal readonly ref struct PcaState(Span<double> numbers, int features, int components)
{
    private readonly Span<double> _numbers = numbers;
    private readonly int _variances = features + (components * features);

    public Span<double> Mean => _numbers[..features];                                            // [d]

    public Span<double> Components => _numbers[features.._variances];                            // [k, d]

    public Span<double> Variances => _numbers.Slice(_variances, components);                     // [k]

    public ref double TotalVariance => ref _numbers[^2];

    public ref double Rows => ref _numbers[^1];

    public static int Length(int features, int components) => features + (components * features) + components + 2;

    /// <summary>Row j of the components.</summary>
    public Span<double> Component(int j) => _numbers.Slice(features + (j * features), features);

    /// <summary>The share of all variance that a component explains; 0 if rows do not differ.</summary>
    public double ShareOf(int j) => TotalVariance > 0 ? Variances[j] / TotalVariance : 0;
}
