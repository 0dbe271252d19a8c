using Cluster.Ml.Learning;

namespace Cluster.Ml.SupportVectors;

/// <summary>Where the numbers of a support vector machine are.</summary>
/// <param name="Rows">Training rows, n.</param>
/// <param name="Features">Columns, d.</param>
/// <param name="Classes">k; 0 for a regression.</param>
/// <remarks>
/// Shapes  state [header; first row of each class [k + 1]; pairs [pairs, 3]; coefficients [k − 1, n]; rows [n, d], by class and then by id].
///         Coefficient s of a row of class c belongs to the pair with the other class s, or s + 1 from c on: LIBSVM's layout. A regression is
///         one class and one pair. optimizerState [targets [n], place of each id [n]];
///         contribution [statistics, numbers used, then of each id its row and target, or Σⱼ coefⱼ·K(xⱼ, x) of its k − 1 pairs]
/// </remarks>
internal sealed record SupportVectorLayout(int Rows, int Features, int Classes)
{
    public const int Head = StepStatistics.Length + 1, PairLength = 3;

    private const int Header = 2;

    /// <summary>Groups of rows: classes, or one.</summary>
    public int Groups => Math.Max(1, Classes);

    /// <summary>Coefficients of a row.</summary>
    public int Slots => Math.Max(1, Classes - 1);

    public int Pairs => Classes == 0 ? 1 : Classes * (Classes - 1) / 2;

    public int StateLength => RowsAt + (Rows * Features);

    public int OptimizerStateLength => 2 * Rows;

    /// <summary>Numbers that gathering sends.</summary>
    public int GatheredLength => Rows * (Features + 1);

    /// <summary>Numbers that a step sends.</summary>
    public int DecisionsLength => Rows * Slots;

    public int ContributionLength => Head + Math.Max(GatheredLength, DecisionsLength);

    private int PairsAt => Header + Groups + 1;

    private int CoefficientsAt => PairsAt + (Pairs * PairLength);

    private int RowsAt => CoefficientsAt + (Slots * Rows);

    /// <summary>How many numbers the largest of the buffers has.</summary>
    public static double NumbersOf(long rows, long features, long classes) =>
        (rows * (double)(features + Math.Max(1, classes - 1) + 1)) + (PairLength * 0.5 * classes * classes);

    public Span<double> Starts(Span<double> state) => state.Slice(Header, Groups + 1);

    public Span<double> Pair(Span<double> state, int pair) => state.Slice(PairsAt + (pair * PairLength), PairLength);

    public Span<double> Coefficients(Span<double> state, int slot) => state.Slice(CoefficientsAt + (slot * Rows), Rows);

    public Span<double> RowsOf(Span<double> state) => state.Slice(RowsAt, Rows * Features);

    /// <summary>The two classes of a pair, (0, 1), (0, 2), …, (1, 2), …; of a regression (0, 0).</summary>
    public (int First, int Second) ClassesOf(int pair)
    {
        int first = 0;
        for (int others = Classes - 1; others > 0 && pair >= others; others--, first++) pair -= others;
        return Classes == 0 ? (0, 0) : (first, first + 1 + pair);
    }

    /// <summary>The pair of two classes, the smaller first.</summary>
    public int PairOf(int first, int second) => (first * ((2 * Classes) - first - 1) / 2) + second - first - 1;
}

/// <summary>The first numbers of a state.</summary>
internal readonly ref struct SupportVectorHeader(Span<double> state)
{
    /// <summary>Phases: rows are gathered; steps are taken; all conditions hold.</summary>
    public const int Gathering = 0, Solving = 1, Solved = 2;

    private readonly Span<double> _numbers = state;

    public ref double Phase => ref _numbers[0];

    public ref double Gamma => ref _numbers[1];
}

/// <summary>What is known of a pair of classes.</summary>
internal readonly ref struct PairFacts(Span<double> numbers)
{
    private readonly Span<double> _numbers = numbers;

    /// <summary>ρ: Σ coef·K − ρ is the decision.</summary>
    public ref double Rho => ref _numbers[0];

    /// <summary>The dual objective, ½αᵀQα + pᵀα.</summary>
    public ref double Objective => ref _numbers[1];

    /// <summary>How far the optimality conditions are violated.</summary>
    public ref double Violation => ref _numbers[2];
}
