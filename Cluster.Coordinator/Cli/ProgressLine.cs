using System.Globalization;
using Cluster.Messages;

namespace Cluster.Coordinator.Cli;

/// <summary>A running job as one line of a terminal: bar, share done, time, and as many figures as have room, the important ones first.</summary>
/// <remarks>Range  never wider than the terminal, which would wrap it; what is not a number, or nothing, is left out</remarks>
internal sealed class ProgressLine
{
    private const int NarrowBelow = 90, WidthLeast = 20;
    private StepsProgressed? _newest;
    private (double Share, TimeSpan At)? _first;
    private NamedFigure? _validation;
    private int? _ended;

    /// <summary>What is counted, if it is not steps of epochs.</summary>
    public string? Unit { get; init; }

    /// <summary>The share that is done, 0 to 1.</summary>
    public double Share => _ended is not null ? 1 : _newest is { Steps: > 0 } newest ? Math.Clamp(newest.Step / (double)newest.Steps, 0, 1) : 0;

    /// <summary>The job is this far.</summary>
    /// <param name="progress">How far.</param>
    /// <param name="at">When, from the beginning of the display.</param>
    public void OnSteps(StepsProgressed progress, TimeSpan at)
    {
        _newest = progress;
        _first ??= (Share, at);
    }

    /// <summary>An epoch's figures are known.</summary>
    public void OnEpoch(EpochProgressed progress) => _validation = progress.Validation.Length > 0 ? progress.Validation[0] : _validation;

    /// <summary>The job has ended; one that came to what it was to reach is done, however few of its epochs it took.</summary>
    public void OnEnd(JobFinished finished) => _ended = finished.Status is JobStatus.Completed or JobStatus.StoppedEarly ? finished.Epochs : null;

    /// <summary>The line.</summary>
    /// <param name="elapsed">Since the beginning of the display.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="unicode">Whether it shows more than ASCII.</param>
    public string At(TimeSpan elapsed, int width, bool unicode)
    {
        int room = Math.Max(WidthLeast, width - 1);
        bool narrow = width < NarrowBelow;
        string line = $"{Bar(narrow ? 10 : 24, unicode)} {Share * 100,3:F0}%  {Clock(elapsed, narrow)}", between = "  ";
        foreach (string part in Parts())
        {
            if (line.Length + between.Length + part.Length > room) break;
            line += between + part;
            between = unicode ? " · " : ", ";
        }
        return line.Length <= room ? line : line[..room];
    }

    private string Bar(int cells, bool unicode)
    {
        int full = (int)(Share * cells);
        return new string(unicode ? '━' : '#', full) + new string(unicode ? '─' : '-', cells - full);
    }

    /// <summary>What is left is estimated from the speed since the first report: a resumed job began with a share that was done.</summary>
    private string Clock(TimeSpan elapsed, bool narrow)
    {
        string passed = $"{Time(elapsed)} elapsed";
        if (_first is not { } first || Share - first.Share < 0.01 || Share >= 1) return passed;
        string left = $"{Time((elapsed - first.At) * ((1 - Share) / (Share - first.Share)))} left";
        return narrow ? left : $"{passed}, {left}";
    }

    private IEnumerable<string> Parts()
    {
        if (_newest is not { } newest)
        {
            if (_ended is null) yield return "starting the cluster";
            yield break;
        }
        yield return Unit is { } unit ? $"{(_ended is null ? newest.Step : newest.Steps)} of {newest.Steps} {unit}"
            : _ended is { } epochs && epochs > 0 ? Counted.Of(epochs, "epoch")
            : double.IsNaN(newest.Loss) && newest.Epochs <= 1 ? $"{newest.Step} of {newest.Steps} done"
            : $"epoch {Math.Min(newest.Epoch + 1, newest.Epochs)}/{newest.Epochs}";
        if (!double.IsNaN(newest.Loss)) yield return $"loss {FigureText.Of("loss", newest.Loss, 5)}";
        if (_validation is { } validation && !double.IsNaN(validation.Value)) yield return $"validation {validation.Name} {FigureText.Of(validation.Name, validation.Value, 5)}";
        if (!double.IsNaN(newest.Accuracy)) yield return $"accuracy {FigureText.Of("accuracy", newest.Accuracy, 5)}";
        if (newest.ExamplesPerSecond > 0) yield return string.Create(CultureInfo.InvariantCulture, $"{newest.ExamplesPerSecond:N0} examples/s");
        if (newest.Workers > 0) yield return Counted.Of(newest.Workers, "worker");
    }

    private static string Time(TimeSpan time) => time.TotalHours >= 1
        ? $"{(int)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}" : $"{time.Minutes}:{time.Seconds:D2}";
}
