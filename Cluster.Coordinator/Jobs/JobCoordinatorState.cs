using Cluster.Coordinator.ParameterServer;
using Cluster.Messages;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Jobs;

/// <summary>What an answer of the parameter server leads to.</summary>
/// <param name="Entry">What is new and must be journalled, or null.</param>
/// <param name="Failure">What cannot be, or null.</param>
internal readonly record struct Finding(object? Entry, string? Failure)
{
    /// <summary>Nothing new.</summary>
    public static readonly Finding Nothing;
}

/// <summary>
/// Reconciles the journal with the position of the parameter server. A parameter server that came
/// back at an older checkpoint trains the epochs since then again; as training is a pure function, it must come to the
/// same figures, and a difference is a failure of the program. Only with bounded staleness may they differ.
/// </summary>
internal sealed class JobCoordinatorState(JobContext job, JobRecord record)
{
    private bool _ready;
    private int _epoch;          // the epoch that the parameter server's next step belongs to
    private bool _located;       // in this life it has answered a command that names an epoch
    private bool _bestKept;
    private bool _restored;
    private bool _exhausted;

    /// <summary>What has happened.</summary>
    public JobRecord Record { get; private set; } = record;

    /// <summary>Steps done, as far as known.</summary>
    public long Step { get; private set; } = record.Step;

    /// <summary>Whether the course wants nothing more of the parameter server.</summary>
    public bool IsOver => Record.Course.Next is CourseAction.Finish;

    /// <summary>What to ask of the parameter server now; the same until it is answered. Null while it is not ready, or nothing is left.</summary>
    public IParameterCommand? Command
    {
        get
        {
            if (!_ready) return null;
            if (Record.Course.Next is CourseAction.Finish finish)
                return finish.Status == CourseStatus.Cancelled ? new TakeCheckpoint() : null;
            return CatchUp() ?? Ask(Record.Course.Next);
        }
    }

    /// <summary>Takes an entry that is in the journal now.</summary>
    public void Apply(object entry)
    {
        Record = Record.With(entry);
        Step = Math.Max(Step, Record.Step);
    }

    /// <summary>The parameter server stopped.</summary>
    public void OnParametersLost() => _ready = false;

    /// <summary>The parameter server reports its position: at its start, after a rewind, or because it cannot yet do what was asked.</summary>
    public void OnReady(ParametersReady ready)
    {
        _ready = true;
        _epoch = ready.Epoch;
        _located = _bestKept = _restored = _exhausted = false;
        Step = ready.Step;
    }

    public void OnProgress(StepsProgressed progress) => Step = progress.Step;

    public Finding OnEpochTrained(EpochTrained trained)
    {
        if (!_ready) return Finding.Nothing;
        if (job.Plan.IsDeterministic && trained.Epoch < Record.Epochs.Count && trained != Record.Epochs[trained.Epoch])
            return new Finding(null, $"epoch {trained.Epoch} was trained again: wanted the figures {Record.Epochs[trained.Epoch]}, got {trained}; report this with the job file.");
        _located = true;
        _epoch = trained.Epoch + 1;
        Step = trained.Step;
        bool isNew = Record.Course.Next is CourseAction.TrainEpoch asked && asked.Epoch == trained.Epoch;
        return isNew ? new Finding(trained, null) : Finding.Nothing;
    }

    public Finding OnExhausted(PrivacyExhausted spent)
    {
        if (!_ready) return Finding.Nothing;
        if (spent.Step < Record.Epochs.Count * job.Plan.StepsPerEpoch)
            return new Finding(null, $"the privacy budget was spent at step {spent.Step}: wanted at least {Record.Epochs.Count} epochs, as were trained before; report this with the job file.");
        _located = _exhausted = true;
        Step = spent.Step;
        return Record.BudgetEpoch is null && Record.Course.Next is CourseAction.TrainEpoch ? new Finding(spent, null) : Finding.Nothing;
    }

    public Finding OnEvaluated(SplitEvaluated split)
    {
        _located = true;
        return Record.Course.Next is CourseAction.Evaluate asked && asked.Epoch == split.Epoch && JobRecord.PurposeOf(asked.Split) == split.Purpose
            ? new Finding(split, null) : Finding.Nothing;
    }

    public Finding OnBestKept(BestKept kept)
    {
        _located = true;
        bool isNew = Record.Course.Next is CourseAction.KeepBest asked && asked.Epoch == kept.Epoch;
        _bestKept |= isNew || kept.Epoch == Record.Course.BestEpoch;
        return isNew ? new Finding(kept, null) : Finding.Nothing;
    }

    public Finding OnBestRestored(BestRestored restored)
    {
        _located = _restored = true;
        return Record.Course.Next is CourseAction.RestoreBest asked && asked.Epoch == restored.Epoch
            ? new Finding(restored, null) : Finding.Nothing;
    }

    /// <summary>A checkpoint of a step that was recorded before must be the same one.</summary>
    public Finding OnCheckpoint(CheckpointWritten written)
    {
        Step = Math.Max(Step, written.Step);
        if (Record.Checkpoint is not { } known || known.Step != written.Step) return new Finding(written, null);
        return known.Sha256 == written.Sha256 || !job.Plan.IsDeterministic ? Finding.Nothing
            : new Finding(null, $"the checkpoint of step {written.Step} was written again: wanted state {known.Sha256}, got {written.Sha256}; report this with the job file.");
    }

    public Finding OnModelSaved(ModelSaved saved) =>
        Record.Course.Next is CourseAction.SaveModel ? new Finding(saved, null) : Finding.Nothing;

    /// <summary>What must be done again before the course can go on, or null.</summary>
    private IParameterCommand? CatchUp()
    {
        TrainingCourse course = Record.Course;
        int trained = Record.Epochs.Count;
        bool pastBest = course.BestEpoch is { } best && (_epoch > best || (_exhausted && _epoch == best));
        if (pastBest && !_bestKept) return new KeepBest(course.BestEpoch!.Value);
        if (_epoch < trained) return new TrainEpoch(_epoch);
        if (Record.BudgetEpoch is { } cut && !_exhausted) return new TrainEpoch(cut);
        if (Record.RestoredEpoch is { } restored && !_restored) return new RestoreBest(restored);
        // SaveModel names no epoch: in a new life it must come after a command that does.
        return course.Next is CourseAction.SaveModel && !_located && trained > 0 ? new TrainEpoch(trained - 1) : null;
    }

    private IParameterCommand? Ask(CourseAction action) => action switch
    {
        CourseAction.TrainEpoch train => new TrainEpoch(train.Epoch),
        CourseAction.Evaluate split => new EvaluateSplit(JobRecord.PurposeOf(split.Split), split.Epoch),
        CourseAction.KeepBest keep => new KeepBest(keep.Epoch),
        CourseAction.RestoreBest restore => new RestoreBest(restore.Epoch),
        CourseAction.SaveModel => new SaveModel(Record),
        _ => null,
    };
}
