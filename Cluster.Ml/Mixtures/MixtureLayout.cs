using Cluster.Ml.Learning;

namespace Cluster.Ml.Mixtures;

/// <summary>Where the parts of a mixture's state and contribution are.</summary>
/// <param name="Start">How many numbers the state of the start has: it stands first, so that it can be read as it is.</param>
/// <param name="StartSums">How many numbers a contribution of the start has.</param>
/// <param name="Components">k.</param>
/// <param name="Features">d.</param>
/// <param name="Covariances">How many numbers the covariances of a run have, v.</param>
/// <param name="Restarts">How many starts run side by side, r.</param>
/// <remarks>
/// Shapes  state [start, phase, steps, best run, rows, r runs], a run [weights [k], means [k, d], covariances [v], mean log-likelihood, settled];
///         contribution [the start's sums, or r parts; phase, statistics], a part [Σr [k], Σr(x − μ) [k, d], second moments [v], Σ ln p]
/// </remarks>
internal readonly record struct MixtureLayout(int Start, int StartSums, int Components, int Features, int Covariances, int Restarts)
{
    /// <summary>Phases: k-means chooses a start; each row belongs to its nearest centroid; EM.</summary>
    public const int Choosing = 0, Assigning = 1, Expecting = 2;

    private const int Header = 4;

    public int StateLength => Start + Header + (Restarts * RunLength);

    public int PartLength => Components + Means + Covariances + 1;

    public int ContributionLength => Math.Max(StartSums, Restarts * PartLength) + 1 + StepStatistics.Length;

    /// <summary>Where a contribution says of which phase it is.</summary>
    public int PhaseOfSums => ContributionLength - StepStatistics.Length - 1;

    private int Means => Components * Features;

    private int RunLength => Components + Means + Covariances + 2;

    public ref double Phase(Span<double> state) => ref state[Start];

    public ref double Steps(Span<double> state) => ref state[Start + 1];

    public ref double Best(Span<double> state) => ref state[Start + 2];

    public ref double Rows(Span<double> state) => ref state[Start + 3];

    public MixtureRun Run(Span<double> state, int restart) => new(this, state.Slice(Start + Header + (restart * RunLength), RunLength));

    public MixtureRun BestRun(Span<double> state) => Run(state, (int)Best(state));

    public MixturePart Part(Span<double> contribution, int restart) => new(this, contribution.Slice(restart * PartLength, PartLength));
}

/// <summary>One start's Gaussians.</summary>
internal readonly ref struct MixtureRun(MixtureLayout layout, Span<double> numbers)
{
    private readonly int _means = layout.Components, _covariances = layout.Components * (layout.Features + 1);

    public Span<double> Numbers { get; } = numbers;

    public Span<double> Weights => Numbers[.._means];                       // [k]

    public Span<double> Means => Numbers[_means.._covariances];             // [k, d]

    public Span<double> Covariances => Numbers[_covariances..^2];

    public ref double LogLikelihood => ref Numbers[^2];

    public ref double Settled => ref Numbers[^1];
}

/// <summary>What one micro-batch adds to one start.</summary>
internal readonly ref struct MixturePart(MixtureLayout layout, Span<double> numbers)
{
    private readonly int _firsts = layout.Components, _seconds = layout.Components * (layout.Features + 1);

    public Span<double> Numbers { get; } = numbers;

    public Span<double> Counts => Numbers[.._firsts];                       // [k]

    public Span<double> Firsts => Numbers[_firsts.._seconds];               // [k, d]

    public Span<double> Seconds => Numbers[_seconds..^1];

    public ref double LogLikelihood => ref Numbers[^1];
}
