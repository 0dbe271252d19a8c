namespace Cluster.Ml.Trees.Growth;

/// <summary>The first numbers of a state: how far growth has come.</summary>
internal readonly ref struct GrowthHeader(Span<double> state)
{
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

    /// <summary>1 when what every tree begins from is known.</summary>
    public ref double Based => ref _numbers[7];
}
