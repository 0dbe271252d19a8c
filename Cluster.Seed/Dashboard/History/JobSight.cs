using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Seed.Dashboard.Charts;

namespace Cluster.Seed.Dashboard.History;

/// <summary>What a curve runs along.</summary>
public enum CurveAxis
{
    /// <summary>Training steps.</summary>
    Step,

    /// <summary>Epochs, from 1.</summary>
    Epoch,
}

/// <summary>A curve with its name, while it grows.</summary>
internal sealed record NamedCurve(string Name, CurveAxis Axis, ThinnedCurve Curve)
{
    /// <summary>As it is now.</summary>
    public CurveSight Look() => new(Name, Axis, Curve.Count, Curve.Lowest, Curve.Highest, Curve.Last?.Y ?? double.NaN, Curve.Points());
}

/// <summary>A curve as a page shows it.</summary>
/// <param name="Name">Of what.</param>
/// <param name="Axis">What it runs along.</param>
/// <param name="Count">How many points were reported.</param>
/// <param name="Lowest">The lowest value.</param>
/// <param name="Highest">The highest value.</param>
/// <param name="Last">The newest value.</param>
/// <param name="Points">What is drawn.</param>
public sealed record CurveSight(string Name, CurveAxis Axis, long Count, double Lowest, double Highest, double Last, ImmutableArray<CurvePoint> Points);

/// <summary>A task that has ended.</summary>
public sealed record TaskSight(int Index, TaskOutcome Outcome);

/// <summary>A job as a page shows it.</summary>
/// <param name="Job">The job.</param>
/// <param name="Since">When the first was heard of it.</param>
/// <param name="HeardLast">When the last was heard.</param>
/// <param name="Steps">How far it is; null if it has not said.</param>
/// <param name="Epoch">The last epoch that was measured, or null.</param>
/// <param name="Task">The last task that ended, or null.</param>
/// <param name="Finished">How it ended, or null.</param>
/// <param name="TimeLeft">Until its last step at the pace of now; null if that is not known.</param>
/// <param name="StepsPerSecond">Its pace, 0 while it stands still; null if that is not known.</param>
/// <param name="Curves">All curves.</param>
/// <param name="Tasks">Tasks that have ended, by index.</param>
/// <param name="Events">What happened, oldest first.</param>
public sealed record JobSight(
    JobId Job, DateTimeOffset Since, DateTimeOffset HeardLast, StepsProgressed? Steps, EpochProgressed? Epoch, TaskProgressed? Task, JobFinished? Finished,
    TimeSpan? TimeLeft, double? StepsPerSecond, ImmutableArray<CurveSight> Curves, ImmutableArray<TaskSight> Tasks, ImmutableArray<HistoryEvent> Events);
