using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Jobs;

/// <summary>What has happened to a job, as its journal tells it. The journal's records alone, in order, make it again.</summary>
internal sealed record JobRecord
{
    private readonly JobContext _job;

    private JobRecord(JobContext job)
    {
        _job = job;
        Course = TrainingCourse.Begin(job.Spec, job.ValidationRows, job.TestRows);
    }

    /// <summary>Decides what comes next.</summary>
    public TrainingCourse Course { get; private init; }

    /// <summary>Every whole epoch that was trained, in order.</summary>
    public ImmutableList<EpochTrained> Epochs { get; private init; } = [];

    /// <summary>What was reported of each of them, in order.</summary>
    public ImmutableList<EpochProgressed> Curve { get; private init; } = [];

    /// <summary>The epoch in which the privacy budget was spent, or null.</summary>
    public int? BudgetEpoch { get; private init; }

    /// <summary>The epoch whose state was put back in the place of the newest, or null.</summary>
    public int? RestoredEpoch { get; private init; }

    /// <summary>Steps done when something was last recorded.</summary>
    public long Step { get; private init; }

    /// <summary>The model file, or null.</summary>
    public ModelSaved? Model { get; private init; }

    /// <summary>The newest checkpoint on record, or null.</summary>
    public CheckpointWritten? Checkpoint { get; private init; }

    /// <summary>Counts how often the job was begun.</summary>
    public int Run { get; private init; } = 1;

    public static JobRecord Begin(JobContext job) => new(job);

    /// <summary>The last epoch on record that the course did not ask for, as it had ended before; null for none.</summary>
    public int? Unasked { get; private init; }

    /// <summary>
    /// The record after one more entry. Of a run that goes on with more epochs, or more patience, the old ending is on record
    /// still: what it measured, put back and saved answers nothing any more, and is passed over.
    /// </summary>
    public JobRecord With(object entry)
    {
        JobRecord record = Following(entry);
        if (ReferenceEquals(record.Course, Course) && entry is SplitEvaluated or BestRestored or ModelSaved) return this;
        if (ReferenceEquals(record.Course, Course) && entry is EpochTrained unasked) return this with { Unasked = unasked.Epoch };
        return JobReports.AfterEntry(_job, record, entry) is { } report ? record with { Curve = Curve.Add(report) } : record;
    }

    /// <summary>The split that a round measures.</summary>
    public static SplitKind SplitOf(RoundPurpose purpose) => purpose switch
    {
        RoundPurpose.EvaluateTraining => SplitKind.Training,
        RoundPurpose.EvaluateValidation => SplitKind.Validation,
        _ => SplitKind.Test,
    };

    /// <summary>The round that measures a split.</summary>
    public static RoundPurpose PurposeOf(SplitKind split) => split switch
    {
        SplitKind.Training => RoundPurpose.EvaluateTraining,
        SplitKind.Validation => RoundPurpose.EvaluateValidation,
        _ => RoundPurpose.EvaluateTest,
    };

    private JobRecord Following(object entry) => entry switch
    {
        EpochTrained trained => this with
        {
            Epochs = Epochs.Add(trained),
            Step = trained.Step,
            Course = Course.On(new CourseEvent.EpochTrained(trained.Epoch, trained.MeanLoss, trained.Accuracy, trained.Converged)),
        },
        SplitEvaluated split => this with
        {
            Course = Course.On(new CourseEvent.Evaluated(SplitOf(split.Purpose), split.Epoch, _job.Learner.Measure(split.Sums.Doubles))),
        },
        BestKept kept => this with { Course = Course.On(new CourseEvent.BestKept(kept.Epoch)) },
        BestRestored restored => this with
        {
            RestoredEpoch = restored.Epoch,
            Course = Course.On(new CourseEvent.BestRestored(restored.Epoch)),
        },
        PrivacyExhausted spent => WithBudgetSpent(spent),
        CheckpointWritten written => this with { Checkpoint = written },
        ModelSaved saved => this with { Model = saved, Course = Course.On(new CourseEvent.ModelSaved()) },
        CancelJob => this with { Course = Course.On(new CourseEvent.CancelRequested()) },
        JobResumed resumed => this with { Run = resumed.Run, Course = Course.On(new CourseEvent.Resumed()) },
        _ => this,
    };

    private JobRecord WithBudgetSpent(PrivacyExhausted spent)
    {
        int epoch = Epochs.Count;
        return this with
        {
            BudgetEpoch = epoch,
            Step = spent.Step,
            Course = Course.On(new CourseEvent.PrivacyExhausted(epoch, spent.Step - (epoch * _job.Plan.StepsPerEpoch))),
        };
    }
}
