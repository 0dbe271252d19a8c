using Cluster.Coordinator.ParameterServer;
using Cluster.Coordinator.Telemetry;
using Cluster.Messages;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Jobs;

// A stage in which a model is trained.
internal sealed partial class JobCoordinatorActor
{
    /// <summary>
    /// Follows the training course, journals every decision before acting on it, and repeats each command to the parameter server
    /// until it is answered.
    /// </summary>
    /// <remarks>
    /// Supervision  a parameter server that fails or stops is started again after a pause that doubles, from its checkpoint;
    ///              too many failures without a step between them fail the job, and so does the second of one kind at one step
    /// </remarks>
    private sealed class TrainingRun(JobCoordinatorActor actor, SubmitJob submitted) : StageRun
    {
        private const string ChildName = "parameters";

        private readonly ChildFailures _failures = new(submitted.Job, "the parameter server", actor._services.Limits);
        private JobContext? _job;
        private JobCoordinatorState? _state;
        private IActorRef? _parameters;
        private ImmutableArray<NamedFigure> _exchange = [];
        private SpendingEntered? _spent;       // of its data, by this and other runs; null until the parameter server has said so

        private CoordinatorLimits Limits => actor._services.Limits;

        private bool IsCancelled => _state is { } state
            ? state.Record.Course.Next is CourseAction.Finish { Status: CourseStatus.Cancelled }
            : actor._journalled.LastOrDefault() is CancelJob;

        public override void Begin()
        {
            actor.Hear(Preparing);
            PrivacySecret secret = actor._secret ?? actor._services.DrawSecret();
            actor._services.Compute.Run(() => DataRoots.Read(actor._services.Roots, () => JobContext.Load(submitted, actor._services.LoadData, secret))).PipeTo(
                actor.Self, success: job => new JobLoaded(job), failure: reason => new JobNotLoaded(reason));
        }

        public override Directive OnFailure(Exception failure)
        {
            _failures.OnFailure(failure);
            return Directive.Stop;      // watched, and started again after a pause
        }

        public override bool Retire()
        {
            _parameters?.Tell(ParameterServer.Retire.Instance);
            return _parameters is not null;
        }

        private void Preparing()
        {
            actor.Command<JobLoaded>(OnLoaded);
            actor.Command<JobNotLoaded>(failed => actor.EndUnread(failed.Reason));
            actor.Command<CancelJob>(OnCancelUnread);
            actor.Command<Terminated>(_ => { });
        }

        private void Running()
        {
            actor.Command<ParametersReady>(OnReady);
            actor.Command<StepsProgressed>(OnProgress);
            actor.Command<LifeEnded>(ended => _failures.OnEnded(ended.Reason));
            actor.Command<SpendingEntered>(entered => _spent = entered);
            actor.Command<ExchangeMeasured>(measured => _exchange = measured.Figures);
            actor.Command<EpochTrained>(trained => Conclude(_state!.OnEpochTrained(trained)));
            actor.Command<SplitEvaluated>(split => Conclude(_state!.OnEvaluated(split)));
            actor.Command<BestKept>(kept => Conclude(_state!.OnBestKept(kept)));
            actor.Command<BestRestored>(restored => Conclude(_state!.OnBestRestored(restored)));
            actor.Command<PrivacyExhausted>(spent => Conclude(_state!.OnExhausted(spent)));
            actor.Command<ModelSaved>(saved => Conclude(_state!.OnModelSaved(saved)));
            actor.Command<CheckpointWritten>(OnCheckpoint);
            actor.Command<JobFailed>(failed => actor.End(Result(JobStatus.Failed, failed.Kind, failed.Reason)));
            actor.Command<CancelJob>(cancel => PersistCancel(cancel, OnCancelled));
            actor.Command<CancelDeadline>(_ => actor.End(Result(JobStatus.Cancelled, null, "no checkpoint could be written in time; resuming goes on from the one before")));
            actor.Command<CommandTick>(_ => SendCommand());
            actor.Command<Terminated>(OnParametersStopped);
            actor.Command<StartAgain>(_ => StartParameters());
        }

        /// <summary>The secret of a private run is in the journal before any of it is used.</summary>
        private void OnLoaded(JobLoaded loaded)
        {
            _job = loaded.Job;
            if (_job.Secret is { } secret && actor._secret is null) actor.Persist(new SecretDrawn(submitted.Job, secret), drawn =>
            {
                actor._secret = drawn.Secret;
                BeginRunning();
            });
            else BeginRunning();
        }

        private void BeginRunning()
        {
            _state = new JobCoordinatorState(_job!, actor._journalled.Aggregate(JobRecord.Begin(_job!), (record, entry) => record.With(entry)));
            if (_state.Record.Unasked is { } epoch)
            {
                actor.End(JobReports.Failed(submitted.Job, FailureKind.BadInput, JobReports.TooShort(_job!.Spec, epoch, _state.Record.Course.EpochsDone)));
                return;
            }
            actor.Hear(Running);
            actor.Timers.StartPeriodicTimer(nameof(CommandTick), CommandTick.Instance, Limits.CommandTick);
            if (_state.IsOver) EndCourse();
            else StartParameters();
        }

        private void StartParameters() =>
            _parameters = Context.Watch(Context.ActorOf(ParameterServerActor.PropsOf(_job!, actor._services, actor._lostAt), ChildName));

        private void OnParametersStopped(Terminated stopped)
        {
            if (!stopped.ActorRef.Equals(_parameters)) return;
            _parameters = null;
            actor._lostAt = Context.System.Scheduler.MonotonicClock;
            _state!.OnParametersLost();
            TimeSpan pause = _failures.OnStopped(_state.Step);
            if (_failures.GivenUp is { } reason)
            {
                actor.End(Result(JobStatus.Failed, FailureKind.Internal, reason));
                return;
            }
            actor._log.ChildStopped(ChildName, _failures.Failures, pause, _failures.Reason);
            actor.Timers.StartSingleTimer(ChildName, new StartAgain(ChildName, actor._lostAt.Value), pause);
        }

        private void OnReady(ParametersReady ready)
        {
            _state!.OnReady(ready);
            Advance(ready.Epoch);
            SendCommand();
        }

        private void OnProgress(StepsProgressed progress)
        {
            _state!.OnProgress(progress);
            _failures.Reached(progress.Step);
            Advance(progress.Epoch);
        }

        private void Advance(int epoch) =>
            Context.Parent.Tell(new JobAdvanced(submitted.Job, _state!.Step, epoch));

        private void SendCommand()
        {
            if (_state!.Command is { } command) _parameters?.Tell(command);
        }

        private void Conclude(Finding finding)
        {
            if (finding.Failure is { } failure) actor.End(Result(JobStatus.Failed, FailureKind.Internal, failure));
            else if (finding.Entry is { } entry) actor.Persist(entry, Apply);
            else SendCommand();
        }

        private void Apply(object entry)
        {
            _state!.Apply(entry);
            if (JobReports.AfterEntry(_job!, _state.Record, entry) is { } report) actor._services.Progress.Report(report);
            if (_state.IsOver) EndCourse();
            else SendCommand();
        }

        private void OnCheckpoint(CheckpointWritten written)
        {
            Finding finding = _state!.OnCheckpoint(written);
            if (finding.Failure is { } failure) actor.End(Result(JobStatus.Failed, FailureKind.Internal, failure));
            else if (finding.Entry is null) EndIfCancelled();
            else
                actor.Persist(written, entry =>
                {
                    _state.Apply(entry);
                    EndIfCancelled();
                });
        }

        private void PersistCancel(CancelJob cancel, Action<CancelJob> apply)
        {
            IActorRef asker = actor.Sender;
            if (IsCancelled)
            {
                asker.Tell(new JobCancelling(cancel.Job));      // asked again: the deadline runs on
                return;
            }
            actor.Persist(cancel, entry =>
            {
                apply(entry);
                asker.Tell(new JobCancelling(entry.Job));
            });
        }

        /// <summary>Nothing was trained in this run, so that no checkpoint is missing: a disk that does not answer holds no job's place.</summary>
        private void OnCancelUnread(CancelJob cancel)
        {
            bool again = IsCancelled;       // before a restart
            PersistCancel(cancel, entry =>
            {
                actor._journalled.Add(entry);
                EndUnread();
            });
            if (again) EndUnread();
        }

        private void EndUnread() => actor.End(JobReports.CancelledUnread(submitted.Job, actor._journalled));

        private void OnCancelled(CancelJob cancel)
        {
            _state!.Apply(cancel);
            actor.Timers.StartSingleTimer(nameof(CancelDeadline), CancelDeadline.Instance, Limits.CancelDeadline);
            SendCommand();
        }

        /// <summary>A course that was cancelled ends with the first checkpoint after that.</summary>
        private void EndIfCancelled()
        {
            if (_state!.Record.Course.Next is CourseAction.Finish { Status: CourseStatus.Cancelled }) actor.End(Result(JobStatus.Cancelled));
        }

        private void EndCourse()
        {
            CourseStatus status = ((CourseAction.Finish)_state!.Record.Course.Next).Status;
            bool awaitsCheckpoint = status == CourseStatus.Cancelled && _parameters is not null;
            if (!awaitsCheckpoint) actor.End(Result(JobReports.StatusOf(status)));
        }

        private JobFinished Result(JobStatus status, FailureKind? kind = null, string reason = "") =>
            JobReports.Finished(_job!, _state!.Record, status, _state.Step, kind, reason) with
            {
                Exchange = _exchange,
                DataEpsilon = _spent is { } spent ? spent.Spending.EpsilonWith(spent.Others, _state.Step) : double.NaN,
            };
    }
}
