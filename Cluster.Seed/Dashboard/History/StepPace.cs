using Cluster.Messages;

namespace Cluster.Seed.Dashboard.History;

/// <summary>How fast a job takes its steps, by the times at which its reports came.</summary>
internal sealed class StepPace
{
    private const int SamplesMax = 32, StandstillFactor = 8, SilenceFactor = 3;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1), StandstillLeast = TimeSpan.FromSeconds(2), SilenceLeast = TimeSpan.FromSeconds(3);
    private readonly Queue<(DateTimeOffset At, long Step)> _samples = [];
    private (DateTimeOffset At, long Step)? _last;

    /// <summary>Over the last half minute or so; 0 while it stands still; null before there are two reports.</summary>
    public double? At(DateTimeOffset now) => Usual is null ? null : IsStill(now) ? 0 : Usual;

    private double? Usual =>
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
        if (_last is not { } last || Usual is not { } pace || step <= last.Step) return null;
        TimeSpan silent = now - last.At;
        double usual = (step - last.Step) / pace;
        return silent >= StandstillLeast && silent.TotalSeconds > StandstillFactor * usual ? silent : null;
    }

    /// <summary>Until the last step of the job; null if that cannot be said, as while it stands still.</summary>
    public TimeSpan? TimeLeft(StepsProgressed? steps, DateTimeOffset now)
    {
        if (steps is null || Usual is not { } pace || IsStill(now) || steps.Steps < steps.Step) return null;
        double seconds = ((steps.Steps - steps.Step) / pace) - (now - _last!.Value.At).TotalSeconds;
        return seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : null;
    }

    /// <summary>Whether reports, which usually come this often, have been missing for much longer.</summary>
    private bool IsStill(DateTimeOffset now)
    {
        if (_last is not { } last || !_samples.TryPeek(out var first)) return false;
        double between = (last.At - first.At).TotalSeconds / Math.Max(1, _samples.Count - 1);
        TimeSpan silent = now - last.At;
        return silent > SilenceLeast && silent.TotalSeconds > SilenceFactor * between;
    }
}
