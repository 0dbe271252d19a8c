namespace Cluster.Ml.Clustering;

/// <summary>Where the parts of a K-means state and contribution are.</summary>
/// <param name="Clusters">k.</param>
/// <param name="Features">d.</param>
/// <param name="Restarts">How many starts run side by side, r.</param>
/// <remarks>
/// Shapes  state [centroids chosen so far, best restart, best run, r runs], a run [centroids [k, d], sizes [k], inertia, settled];
///         contribution [r parts, statistics], a part [sums [k, d], sizes [k], inertia, key, example id, its row [d]]
/// </remarks>
internal readonly record struct KMeansLayout(int Clusters, int Features, int Restarts)
{
    public const int Chosen = 0, Best = 1;
    private const int Header = 2;

    public int Centroids => Clusters * Features;

    public int RunLength => Centroids + Clusters + 2;

    public int StateLength => Header + ((Restarts + 1) * RunLength);

    public int PartLength => Centroids + Clusters + 3 + Features;

    public KMeansRun BestRun(Span<double> state) => new(this, state.Slice(Header, RunLength));

    public KMeansRun Run(Span<double> state, int restart) => new(this, state.Slice(Header + ((restart + 1) * RunLength), RunLength));

    public KMeansPart Part(Span<double> contribution, int restart) => new(this, contribution.Slice(restart * PartLength, PartLength));
}

/// <summary>One start's centroids and what is known of them.</summary>
internal readonly ref struct KMeansRun(KMeansLayout layout, Span<double> numbers)
{
    private readonly int _sizes = layout.Centroids;

    public Span<double> Numbers { get; } = numbers;

    public Span<double> Centroids => Numbers[.._sizes];      // [k, d]

    public Span<double> Sizes => Numbers[_sizes..^2];        // [k]

    public ref double Inertia => ref Numbers[^2];

    public ref double Settled => ref Numbers[^1];
}

/// <summary>What one micro-batch adds to one start.</summary>
internal readonly ref struct KMeansPart(KMeansLayout layout, Span<double> numbers)
{
    private readonly int _sizes = layout.Centroids, _inertia = layout.Centroids + layout.Clusters;
    private readonly Span<double> _numbers = numbers;

    /// <summary>The numbers that are added: sums, sizes, inertia.</summary>
    public Span<double> Added => _numbers[..(_inertia + 1)];

    public Span<double> Sums => _numbers[.._sizes];

    public Span<double> Sizes => _numbers[_sizes.._inertia];

    public ref double Inertia => ref _numbers[_inertia];

    public ref double Key => ref _numbers[_inertia + 1];

    public ref double Id => ref _numbers[_inertia + 2];

    public Span<double> Row => _numbers[(_inertia + 3)..];

    /// <summary>Keeps this example if its key is smaller; of equal keys the smaller id wins.</summary>
    public void Offer(double key, double id, ReadOnlySpan<double> row)
    {
        if (!(key < Key || (key == Key && id < Id))) return;
        (Key, Id) = (key, id);
        row.CopyTo(Row);
    }
}
