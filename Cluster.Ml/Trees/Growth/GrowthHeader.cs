namespace Cluster.Ml.Trees.Growth;

/// <summary>The first numbers of a state: how far growth has come.</summary>
internal readonly ref struct GrowthHeader(Span<double> state)
{
    /// <summary>Numbers of <see cref="HeldOut"/>.</summary>
    public const int HeldOutLength = 4;

    private readonly Span<double> _numbers = state[..GrowthLayout.HeaderLength];

    /// <summary>Columns whose bins are known.</summary>
    public ref double Sketched => ref _numbers[0];

    /// <summary>Training rows.</summary>
    public ref double Rows => ref _numbers[1];

    /// <summary>The least target.</summary>
    public ref double TargetLow => ref _numbers[2];

    /// <summary>The greatest target.</summary>
    public ref double TargetHigh => ref _numbers[3];

    /// <summary>Slices of trees that are whole.</summary>
    public ref double Done => ref _numbers[4];

    /// <summary>Nodes of the slice that grows.</summary>
    public ref double Nodes => ref _numbers[5];

    /// <summary>1 when nothing is left to grow.</summary>
    public ref double Finished => ref _numbers[6];

    /// <summary>1 where the epoch is not at its end.</summary>
    public ref double WithinEpoch => ref _numbers[7];

    /// <summary>1 where the next step judges the trees by the rows that they have not seen.</summary>
    public ref double Judging => ref _numbers[8];

    /// <summary>What those rows say, in sums of <see cref="HeldOutLength"/> numbers.</summary>
    public Span<double> HeldOut => _numbers.Slice(9, HeldOutLength);
}
