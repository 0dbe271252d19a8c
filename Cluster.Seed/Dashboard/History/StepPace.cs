using Cluster.Messages;

namespace Cluster.Seed.Dashboard.History;

/// <summary>How fast a job takes its steps, by the times at which its reports came.</summary>
internal sealed class StepPace
{
    private const int SamplesMax = 32, StandstillFactor = 8;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1), StandstillLeast = TimeSpan.FromSeconds(2);
    private readonly Queue<(DateTimeOffset At, long Step)> _samples = [];
    private (DateTimeOffset At, long Step)? _last;

    /// <summary>Over the last half minute or so; null before there are two reports.</summary>
    public double? StepsPerSecond =>
        _samples.TryPeek(out var first) && _last is { } last && last.At > first.At && last.Step > first.Step ? (last.Step - first.Step) / (last.At - first.At).TotalSeconds : null;

    /// <summary>Steps were taken; going back begins anew.</summary>
    public void OnSteps(long step, DateTimeOffset now)
    {
        if (step < _last?.Step) _samples.Clear();
        if (_samples.Count == 0 || now - _samples.Last().At >= Between) _samples.Enqueue((now, step));
        if (_samples.Count > SamplesMax) _samples.Dequeue();
        _last = (now, step);
    }

    /// <summary>How long no step was reported before this one, if that is much longer than usual; else null. To be asked before the step is told.</summary>
    public TimeSpan? Standstill(long step, DateTimeOffset now)
    {
        if (_last is not { } last || StepsPerSecond is not { } pace || step <= last.Step) return null;
        TimeSpan silent = now - last.At;
        double usual = (step - last.Step) / pace;
        return silent >= StandstillLeast && silent.TotalSeconds > StandstillFactor * usual ? silent : null;
    }

    /// <summary>Until the last step of the job; null if that cannot be said.</summary>
    public TimeSpan? TimeLeft(StepsProgressed? steps, DateTimeOffset now)
    {
        if (steps is null || StepsPerSecond is not { } pace || steps.Steps < steps.Step) return null;
        double seconds = ((steps.Steps - steps.Step) / pace) - (now - _last!.Value.At).TotalSeconds;
        return seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : null;
    }
}
