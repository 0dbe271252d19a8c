using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Learning;

/// <summary>
/// Decides what a job does next: which epoch to train, when to measure, which state to keep, when to stop. An immutable
/// value; the sequential trainer and the job's coordinator both follow it, hence do the same things in the same order.
/// </summary>
/// <remarks>
/// Order     per epoch: train, then (with validation rows) measure validation, then (with early stopping and a gain) keep;
///           at the end: restore the best if another state is current, measure training, validation, test, save, finish
/// Range     an event that does not answer <see cref="Next"/> changes nothing: duplicates and latecomers are harmless,
///           because an epoch's number identifies the state that an answer speaks of
/// Restart   replaying the recorded events gives the same course; to fall back to the beginning of epoch e, replay only
///           the events before the first <see cref="CourseEvent.EpochTrained"/> of epoch e
/// </remarks>
public sealed record TrainingCourse
{
    private readonly EarlyStoppingSpec? _early;
    private readonly IReadOnlyList<Figure> _figures;
    private readonly int _epochs;
    private readonly bool _hasValidation;
    private readonly bool _hasTest;
    private CourseAction _next = new CourseAction.TrainEpoch(0);
    private bool _cancelled;
    private bool _ending;
    private bool _trainingOver;
    private int _epochsWithoutGain;

    private TrainingCourse(JobSpec spec, bool hasValidation, bool hasTest)
    {
        _early = spec.Training.EarlyStopping;
        _figures = spec.Learner.FiguresOf(spec.Model.Options);
        _epochs = spec.Training.Epochs;
        _hasValidation = hasValidation;
        _hasTest = hasTest;
    }

    /// <summary>What is to be done now; the same until an event answers it.</summary>
    public CourseAction Next => _cancelled ? new CourseAction.Finish(CourseStatus.Cancelled) : _next;

    /// <summary>Epochs begun and not empty: the last may have been cut short by the privacy budget.</summary>
    public int EpochsDone { get; private init; }

    /// <summary>The epoch after which the current state arose, from 0; −1 before the first.</summary>
    public int StateEpoch { get; private init; } = -1;

    /// <summary>The epoch of the best state kept, or null.</summary>
    public int? BestEpoch { get; private init; }

    /// <summary>The validation loss of the best state; +∞ before the first.</summary>
    public double BestLoss { get; private init; } = double.PositiveInfinity;

    /// <summary>How the course ends, once training is over.</summary>
    public CourseStatus Status { get; private init; }

    /// <summary>Mean training loss of the last epoch; NaN before the first.</summary>
    public double TrainingLoss { get; private init; } = double.NaN;

    /// <summary>Share classified rightly in the last epoch; NaN if there are no classes.</summary>
    public double TrainingAccuracy { get; private init; } = double.NaN;

    /// <summary>Figures of the final state on the training rows.</summary>
    public Metrics Training { get; private init; } = Metrics.None;

    /// <summary>Figures on the validation rows: of the last epoch while training, of the final state at the end.</summary>
    public Metrics Validation { get; private init; } = Metrics.None;

    /// <summary>Figures of the final state on the test rows, which are measured once.</summary>
    public Metrics Test { get; private init; } = Metrics.None;

    /// <summary>A course that has not begun.</summary>
    /// <param name="spec">Epochs and early stopping.</param>
    /// <param name="validationRows">How many rows the validation split has.</param>
    /// <param name="testRows">How many rows the test split has.</param>
    public static TrainingCourse Begin(JobSpec spec, int validationRows, int testRows) => new(spec, validationRows > 0, testRows > 0);

    /// <summary>The course after recorded events.</summary>
    public static TrainingCourse Replay(JobSpec spec, int validationRows, int testRows, IEnumerable<CourseEvent> events) =>
        events.Aggregate(Begin(spec, validationRows, testRows), (course, happened) => course.On(happened));

    /// <summary>The course after an event; this very course if the event answers nothing that was asked.</summary>
    public TrainingCourse On(CourseEvent happened) => (happened, _next) switch
    {
        (CourseEvent.CancelRequested, not CourseAction.Finish) when !_cancelled => this with { _cancelled = true },
        (CourseEvent.Resumed, _) when _cancelled => this with { _cancelled = false },
        (_, _) when _cancelled => this,
        (CourseEvent.EpochTrained trained, CourseAction.TrainEpoch asked) when trained.Epoch == asked.Epoch => AfterEpoch(trained),
        (CourseEvent.PrivacyExhausted spent, CourseAction.TrainEpoch asked) when spent.Epoch == asked.Epoch => AfterBudget(spent),
        (CourseEvent.Evaluated measured, CourseAction.Evaluate asked)
            when measured.Split == asked.Split && measured.Epoch == asked.Epoch => AfterEvaluation(measured),
        (CourseEvent.BestKept kept, CourseAction.KeepBest asked) when kept.Epoch == asked.Epoch =>
            (this with { BestEpoch = kept.Epoch }).TrainOrEnd(),
        (CourseEvent.BestRestored restored, CourseAction.RestoreBest asked) when restored.Epoch == asked.Epoch =>
            (this with { StateEpoch = restored.Epoch }).MeasureAll(),
        (CourseEvent.ModelSaved, CourseAction.SaveModel) => this with { _next = new CourseAction.Finish(Status) },
        _ => this,
    };

    private TrainingCourse AfterEpoch(CourseEvent.EpochTrained trained)
    {
        bool over = trained.Converged || trained.Epoch + 1 >= _epochs;
        TrainingCourse after = this with
        {
            EpochsDone = trained.Epoch + 1,
            StateEpoch = trained.Epoch,
            TrainingLoss = trained.Loss,
            TrainingAccuracy = trained.Accuracy,
            _trainingOver = over,
            Status = CourseStatus.Completed,
        };
        return after.MeasureValidation();
    }

    private TrainingCourse AfterBudget(CourseEvent.PrivacyExhausted spent)
    {
        TrainingCourse after = this with { _trainingOver = true, Status = CourseStatus.StoppedEarly };
        // An epoch of which no step was done leaves the state of the epoch before, which has been measured already.
        return spent.StepsInEpoch == 0 && spent.Epoch > 0
            ? after.TrainOrEnd()
            : (after with { StateEpoch = spent.Epoch, EpochsDone = spent.Epoch + 1 }).MeasureValidation();
    }

    private TrainingCourse AfterEvaluation(CourseEvent.Evaluated measured) => (measured.Split, _ending) switch
    {
        (SplitKind.Training, _) => (this with { Training = measured.Metrics }).MeasureAfter(SplitKind.Training),
        (SplitKind.Test, _) => (this with { Test = measured.Metrics }).MeasureAfter(SplitKind.Test),
        (_, true) => (this with { Validation = measured.Metrics }).MeasureAfter(SplitKind.Validation),
        _ => (this with { Validation = measured.Metrics }).Judge(Figure.LossOf(_figures, measured.Metrics)),
    };

    private TrainingCourse MeasureValidation() =>
        _hasValidation ? this with { _next = new CourseAction.Evaluate(SplitKind.Validation, StateEpoch) } : TrainOrEnd();

    /// <summary>Early stopping: a gain is kept, too many epochs without one end the training.</summary>
    private TrainingCourse Judge(double loss)
    {
        if (_early is null) return TrainOrEnd();
        bool gained = loss < BestLoss - _early.MinimumGain || (double.IsPositiveInfinity(BestLoss) && loss < BestLoss);
        if (gained)
            return this with { BestLoss = loss, _epochsWithoutGain = 0, _next = new CourseAction.KeepBest(StateEpoch) };
        TrainingCourse worse = this with { _epochsWithoutGain = _epochsWithoutGain + 1 };
        return !_trainingOver && worse._epochsWithoutGain >= _early.Patience
            ? (worse with { _trainingOver = true, Status = CourseStatus.StoppedEarly }).TrainOrEnd()
            : worse.TrainOrEnd();
    }

    private TrainingCourse TrainOrEnd()
    {
        if (!_trainingOver) return this with { _next = new CourseAction.TrainEpoch(StateEpoch + 1) };
        return BestEpoch is { } best && best != StateEpoch
            ? this with { _next = new CourseAction.RestoreBest(best) }
            : MeasureAll();
    }

    private TrainingCourse MeasureAll() => this with { _ending = true, _next = new CourseAction.Evaluate(SplitKind.Training, StateEpoch) };

    private TrainingCourse MeasureAfter(SplitKind split) => split switch
    {
        SplitKind.Training when _hasValidation => this with { _next = new CourseAction.Evaluate(SplitKind.Validation, StateEpoch) },
        SplitKind.Training or SplitKind.Validation when _hasTest => this with { _next = new CourseAction.Evaluate(SplitKind.Test, StateEpoch) },
        _ => this with { _next = new CourseAction.SaveModel() },
    };
}
