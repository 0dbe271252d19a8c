using Cluster.Coordinator.Checkpoints;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Tasks;

namespace Cluster.Coordinator.Jobs;

/// <summary>Puts what is on record about a job into the reports that people read.</summary>
internal static class JobReports
{
    /// <summary>The report on an epoch, when this entry was the last that belongs to it; else null.</summary>
    public static EpochProgressed? AfterEntry(JobContext job, JobRecord record, object entry)
    {
        int? epoch = entry switch
        {
            EpochTrained trained when job.ValidationRows == 0 => trained.Epoch,
            // At the end of training the final state is measured on all splits, training first: that is no epoch's report.
            SplitEvaluated { Purpose: RoundPurpose.EvaluateValidation } split when record.Course.Training == Metrics.None => split.Epoch,
            _ => null,
        };
        return epoch is null ? null : new EpochProgressed(
            job.Job, epoch.Value, job.Spec.Training.Epochs, job.IsPrivate ? [] : Training(record.Course), Figures(record.Course.Validation), job.Epsilon(record.Step));
    }

    /// <summary>The result of a job that came to its end, one way or another.</summary>
    public static JobFinished Finished(JobContext job, JobRecord record, JobStatus status, long step, FailureKind? kind = null, string reason = "") => new(
        job.Job, status, record.Model?.Path ?? string.Empty, record.Model?.Sha256 ?? string.Empty, step, record.Course.EpochsDone,
        Figures(TrainingOf(job, record)), Figures(record.Course.Validation), Figures(record.Course.Test), [], [],
        job.Epsilon(step), job.Delta, kind, reason);

    /// <summary>What is told of the training rows: nothing if they are private, as no ε covers it.</summary>
    public static Metrics TrainingOf(JobContext job, JobRecord record) => job.IsPrivate ? Metrics.None : record.Course.Training;

    /// <summary>The result of a job that failed before anything could be known of it.</summary>
    public static JobFinished Failed(JobId job, FailureKind kind, string reason) => new(
        job, JobStatus.Failed, string.Empty, string.Empty, 0, 0, [], [], [], [], [], double.NaN, double.NaN, kind, reason);

    /// <summary>Why a run cannot go on with a job that would have ended before what the run has trained.</summary>
    public static string TooShort(JobSpec spec, int epoch, int end) => spec.Training.Epochs <= epoch
        ? $"training.epochs: wanted at least {epoch + 1}, as so many are trained, got {spec.Training.Epochs}; resume with more epochs, or begin anew elsewhere."
        : $"training.early-stopping.patience: wanted as much as the run has used, got {spec.Training.EarlyStopping?.Patience}, which ends it after {end} epochs of the {epoch + 1} that are trained; "
            + "resume with more patience, or begin anew elsewhere.";

    /// <summary>Whose failure it was that a job's data could not be read.</summary>
    public static FailureKind KindOf(Exception reason) => reason switch
    {
        BadInputException => FailureKind.BadInput,
        StorageException => FailureKind.Storage,
        _ => FailureKind.Internal,
    };

    /// <summary>The result of a job that was cancelled while it waited: its position is unchanged.</summary>
    public static JobFinished CancelledInQueue(JobEntry job) => new(
        job.Submitted.Job, JobStatus.Cancelled, string.Empty, string.Empty, job.Line.Step, job.Line.Epoch, [], [], [], [], [],
        double.NaN, double.NaN, null, string.Empty);

    /// <summary>The result of a job that was cancelled while its data was read: its position is that of its journal.</summary>
    public static JobFinished CancelledUnread(JobId job, IEnumerable<object> journalled)
    {
        EpochTrained? last = journalled.OfType<EpochTrained>().LastOrDefault();
        return new JobFinished(
            job, JobStatus.Cancelled, string.Empty, string.Empty, last?.Step ?? 0, last is null ? 0 : last.Epoch + 1, [], [], [], [], [],
            double.NaN, double.NaN, null, string.Empty);
    }

    /// <summary>What a job has given when another of its stages is over.</summary>
    /// <param name="before">What the stages before gave; null for none.</param>
    /// <param name="stage">What this one gave.</param>
    public static JobFinished After(JobFinished? before, JobFinished stage) => before is null ? stage : stage with
    {
        Tasks = stage.Tasks.IsEmpty ? before.Tasks : stage.Tasks,
        ModelPath = stage.ModelPath.Length > 0 ? stage.ModelPath : before.ModelPath,
        ModelSha256 = stage.ModelSha256.Length > 0 ? stage.ModelSha256 : before.ModelSha256,
        Steps = Math.Max(stage.Steps, before.Steps),
        Epochs = Math.Max(stage.Epochs, before.Epochs),
        Training = stage.Training.IsEmpty ? before.Training : stage.Training,
        Validation = stage.Validation.IsEmpty ? before.Validation : stage.Validation,
        Test = stage.Test.IsEmpty ? before.Test : stage.Test,
        Exchange = stage.Exchange.IsEmpty ? before.Exchange : stage.Exchange,
    };

    /// <summary>What a task gave, as it is told.</summary>
    public static TaskOutcome OutcomeOf(TaskReport report) => new(report.Label, Figures(report.Figures), report.ModelSha256, report.Reason);

    public static JobStatus StatusOf(CourseStatus status) => status switch
    {
        CourseStatus.Completed => JobStatus.Completed,
        CourseStatus.StoppedEarly => JobStatus.StoppedEarly,
        _ => JobStatus.Cancelled,
    };

    private static ImmutableArray<NamedFigure> Training(TrainingCourse course) => double.IsNaN(course.TrainingAccuracy)
        ? [new NamedFigure("loss", course.TrainingLoss)]
        : [new NamedFigure("loss", course.TrainingLoss), new NamedFigure("accuracy", course.TrainingAccuracy)];

    private static ImmutableArray<NamedFigure> Figures(Metrics metrics) =>
        [.. metrics.Values.Select(figure => new NamedFigure(figure.Key, figure.Value))];
}
