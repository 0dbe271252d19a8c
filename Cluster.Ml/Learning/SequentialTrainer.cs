using Cluster.Ml.Compression;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Learning;

/// <summary>
/// Runs a whole job on the calling thread. It defines what a distributed run must give, byte for byte, and is what a
/// worker runs for one fold.
/// </summary>
/// <remarks>Determinism  a pure function of the job, the data and, if training is private, the secret</remarks>
public static class SequentialTrainer
{
    /// <summary>Trains the job's model.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="data">Its data, in the element type of <see cref="Learners.NumbersFor"/>.</param>
    /// <param name="progress">Told of every event of the course, with the course after it; may be null.</param>
    /// <param name="secret">What noise and rows of a private job are drawn from; null for a fresh one.</param>
    /// <param name="cancellation">Ends training after the current step, with the status cancelled.</param>
    /// <exception cref="DivergedException">A number was not finite.</exception>
    /// <exception cref="BadInputException">The job does not fit the data.</exception>
    public static TrainedModel Train(
        JobSpec spec, PreparedData data, Action<TrainingCourse, CourseEvent>? progress = null, PrivacySecret? secret = null,
        CancellationToken cancellation = default)
    {
        secret ??= PrivacySecret.Draw();
        return Train(spec, data, Learners.Create(spec, data.Shape, secret), progress, secret, cancellation);
    }

    /// <summary>Trains with a learner of the caller's own.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="data">Its data, in the learner's element type.</param>
    /// <param name="learner">What is trained.</param>
    /// <param name="progress">Told of every event of the course, with the course after it; may be null.</param>
    /// <param name="secret">What noise and rows of a private job are drawn from; null for a fresh one.</param>
    /// <param name="cancellation">Ends training after the current step, with the status cancelled.</param>
    public static TrainedModel Train(
        JobSpec spec, PreparedData data, ILearner learner, Action<TrainingCourse, CourseEvent>? progress = null,
        PrivacySecret? secret = null, CancellationToken cancellation = default) =>
        new Run(spec, data, learner, secret ?? PrivacySecret.Draw(), cancellation).ToEnd(progress);

    private sealed class Run
    {
        private readonly JobSpec _spec;
        private readonly PreparedData _data;
        private readonly ILearner _learner;
        private readonly CancellationToken _cancellation;
        private readonly PrivacySecret _secret;
        private readonly IContributor _contributor;
        private readonly BatchPlan _batches;
        private readonly ShardSampler[] _samplers;
        private readonly MicroBatch[] _microBatches;
        private readonly Residual?[] _residuals;
        private readonly NumericBuffer _state;
        private readonly NumericBuffer _optimizerState;
        private readonly NumericBuffer _sum;
        private readonly NumericBuffer _best;
        private PrivacyLedger? _ledger;
        private long _steps;

        public Run(JobSpec spec, PreparedData data, ILearner learner, PrivacySecret secret, CancellationToken cancellation)
        {
            (_spec, _data, _learner, _cancellation, _secret) = (spec, data, learner, cancellation, secret);
            int shards = spec.Training.MicroBatches;
            _contributor = learner.CreateContributor();
            _batches = BatchPlan.For(spec, data.Shape.TrainingExamples, learner.FullBatch);
            _samplers = [.. Enumerable.Range(0, shards).Select(shard => _batches.CreateSampler(data.Shard(shard, shards)))];
            _microBatches = new MicroBatch[shards];
            _residuals = [.. Enumerable.Range(0, shards).Select(_ => IFeedback.Of(learner)?.CreateResidual())];
            _state = new NumericBuffer(learner.Numbers, learner.StateLength);
            _best = new NumericBuffer(learner.Numbers, learner.StateLength);
            _optimizerState = new NumericBuffer(learner.Numbers, learner.OptimizerStateLength);
            _sum = new NumericBuffer(learner.Numbers, learner.ContributionLength);
            _ledger = PrivacyPlan.For(spec, data.Shape.TrainingExamples)?.OpenLedger();
            learner.Initialize(_state, _optimizerState);
        }

        public TrainedModel ToEnd(Action<TrainingCourse, CourseEvent>? progress)
        {
            TrainingCourse course = TrainingCourse.Begin(_spec, _data.Validation.Count, _data.Test.Count);
            while (course.Next is not CourseAction.Finish)
            {
                CourseEvent happened = Do(course.Next);
                course = course.On(happened);
                progress?.Invoke(course, happened);
            }
            CourseStatus status = ((CourseAction.Finish)course.Next).Status;
            return new TrainedModel(
                _state, status, _steps, course.EpochsDone, course.Training, course.Validation, course.Test, _ledger?.Epsilon, _ledger?.Delta);
        }

        private CourseEvent Do(CourseAction action)
        {
            switch (action)
            {
                case CourseAction.TrainEpoch train:
                    return TrainEpoch(train.Epoch);
                case CourseAction.Evaluate measure:
                    return new CourseEvent.Evaluated(measure.Split, measure.Epoch,
                        EvaluationPlan.Measure(_learner, _contributor, _state, RowsOf(measure.Split), _spec.Training.MicroBatches));
                case CourseAction.KeepBest keep:
                    _best.CopyFrom(_state);
                    return new CourseEvent.BestKept(keep.Epoch);
                case CourseAction.RestoreBest restore:
                    _state.CopyFrom(_best);
                    return new CourseEvent.BestRestored(restore.Epoch);
                default:
                    return new CourseEvent.ModelSaved();   // saving is the caller's affair
            }
        }

        private CourseEvent TrainEpoch(int epoch)
        {
            EpochTally tally = new(_data.Shape.Classes.Count > 0);
            _ledger = _ledger?.Reserve((epoch + 1) * _batches.StepsPerEpoch);
            for (long step = 0; step < _batches.StepsPerEpoch || _learner.IsWithinEpoch(_state); step++)
            {
                if (_cancellation.IsCancellationRequested) return new CourseEvent.CancelRequested();
                if (_ledger is { } ledger && !ledger.Allows(_steps)) return new CourseEvent.PrivacyExhausted(epoch, step);
                SamplingKey? key = _batches.Private ? _secret.SamplingKeyOf(_steps) : null;
                for (int shard = 0; shard < _samplers.Length; shard++)
                    _microBatches[shard] = _samplers[shard].MicroBatch(epoch, step, key) with { Residual = _residuals[shard] };
                StepContext context = new(_steps, epoch, _batches.StepsPerEpoch);
                _contributor.Contribute(_state, _microBatches, _sum, context);
                double correct = EpochTally.CorrectOf(_learner, _sum);
                UpdateOutcome outcome = _learner.Update(_state, _optimizerState, _sum, context);
                tally.Add(outcome, correct);
                _steps++;
                if (outcome.Converged) return new CourseEvent.EpochTrained(epoch, tally.Loss, tally.Accuracy, true);
            }
            return new CourseEvent.EpochTrained(epoch, tally.Loss, tally.Accuracy, false);
        }

        private RowRange RowsOf(SplitKind split) => split switch
        {
            SplitKind.Training => _data.Training,
            SplitKind.Validation => _data.Validation,
            _ => _data.Test,
        };
    }
}
