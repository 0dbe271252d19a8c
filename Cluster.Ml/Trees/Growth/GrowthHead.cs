using Cluster.Ml.Learning;

namespace Cluster.Ml.Trees.Growth;

/// <summary>The first numbers of a contribution: statistics, what it holds, how much of it, and the bounds of the targets.</summary>
internal readonly ref struct GrowthHead(Span<double> contribution)
{
    public const int Length = StepStatistics.Length + 4;

    private readonly Span<double> _numbers = contribution[..Length];

    public Span<double> Statistics => _numbers[..StepStatistics.Length];

    /// <summary>Whether it holds sketches, which are merged, and not sums, which are added.</summary>
    public bool HoldsSketches
    {
        get => _numbers[StepStatistics.Length] != 0;
        set => _numbers[StepStatistics.Length] = value ? 1 : 0;
    }

    /// <summary>Numbers behind the head that are used.</summary>
    public int Used
    {
        get => (int)_numbers[StepStatistics.Length + 1];
        set => _numbers[StepStatistics.Length + 1] = value;
    }

    public ref double TargetLow => ref _numbers[StepStatistics.Length + 2];

    public ref double TargetHigh => ref _numbers[StepStatistics.Length + 3];

    /// <summary>Nothing yet: bounds that any target replaces, finite as all numbers of a contribution are.</summary>
    public void Begin(bool holdsSketches, int used)
    {
        _numbers.Clear();
        (HoldsSketches, Used, TargetLow, TargetHigh) = (holdsSketches, used, double.MaxValue, double.MinValue);
    }

    public void Include(double target) => (TargetLow, TargetHigh) = (Math.Min(TargetLow, target), Math.Max(TargetHigh, target));

    /// <summary>Adds the statistics of another contribution and widens the bounds by its own.</summary>
    public void Add(GrowthHead other)
    {
        for (int i = 0; i < StepStatistics.Length; i++) _numbers[i] += other._numbers[i];
        (TargetLow, TargetHigh) = (Math.Min(TargetLow, other.TargetLow), Math.Max(TargetHigh, other.TargetHigh));
    }
}
