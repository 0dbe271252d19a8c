using Cluster.Messages;
using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks;
using Cluster.Ml.Tasks.Tuning;

namespace Cluster.Coordinator.Cli;

/// <summary>Tells of each trial of a search as it ends, and whether it is the best so far; of the training that follows, as of any.</summary>
internal sealed class TrialDisplay(Terminal terminal, JobSpec job, ProgressDisplay inner) : ProgressDisplay
{
    private readonly HashSet<int> _told = [];
    private double _best = double.PositiveInfinity;

    public override Task<T> WhileAsync<T>(Func<Task<T>> work) => inner.WhileAsync(work);

    /// <summary>Counts of tasks have neither loss nor speed; they are told with the task.</summary>
    public override void OnSteps(StepsProgressed progress)
    {
        if (!double.IsNaN(progress.Loss) || progress.ExamplesPerSecond > 0) inner.OnSteps(progress);
    }

    public override void OnEpoch(EpochProgressed progress) => inner.OnEpoch(progress);

    public override void OnTask(TaskProgressed progress)
    {
        if (!_told.Add(progress.Index)) return;     // who subscribes again hears the last again
        TaskReport report = TrialText.ReportOf(progress.Outcome);
        double loss = TrialKind.LossOf(job, report);
        bool best = loss < _best;
        if (best) _best = loss;
        terminal.Say($"trial {progress.Index} ({progress.Done} of {progress.Count})  {TrialText.FiguresOf(report)}  {TrialText.SettingsOf(report)}{(best ? "  best so far" : "")}");
    }
}
