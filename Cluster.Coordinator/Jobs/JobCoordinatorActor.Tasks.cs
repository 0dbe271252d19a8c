using Cluster.Coordinator.ParameterServer;
using Cluster.Coordinator.Privacy;
using Cluster.Coordinator.Tasks;
using Cluster.Coordinator.Telemetry;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Privacy;
using Cluster.Ml.Tasks;

namespace Cluster.Coordinator.Jobs;

// A stage of tasks.
internal sealed partial class JobCoordinatorActor
{
    /// <summary>
    /// Gives the tasks of a stage to the runners of the workers, one at a time each, and again to another when a node is lost or
    /// silent. Each result is journalled, so that a restart computes none of them twice.
    /// </summary>
    private sealed class TaskRun(JobCoordinatorActor actor, SubmitJob submitted, JobStage.Tasks stage) : StageRun
    {
        private const string WorkerRole = "worker", DataName = "data";

        private readonly ActorCluster _cluster = ActorCluster.Get(Context.System);
        private IActorRef _dataSource = ActorRefs.Nobody;
        private TaskStageState? _state;
        private string? _dataSha256;        // of the rows that all tasks are of; null until they are read
        private RowsIdentified? _rows;

        private TaskKind Kind => stage.Kind;

        private CoordinatorLimits Limits => actor._services.Limits;

        public override void Begin()
        {
            actor.Hear(Commands);
            TaskJob job = new(JobContext.Parse(submitted), stage.Specification);
            _state = new TaskStageState(Kind, job, Limits);
            foreach (TaskCompleted completed in actor._journalled.OfType<TaskCompleted>()) _state.OnCompleted(completed);
            _dataSource = Context.ActorOf(
                DataSourceActor.PropsOf(submitted.Job, new DataSource(submitted.Job, () => SourceFiles.Of(job.Spec.Data), actor._services.Roots), actor._services.Compute), DataName);
            _cluster.Subscribe(actor.Self, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
            actor.Timers.StartPeriodicTimer(nameof(CommandTick), CommandTick.Instance, Limits.TaskTick);
            if (_state.IsOver) Conclude();
            else Identify();
        }

        /// <summary>The data source actor is restarted after a failure: it keeps no state.</summary>
        public override Directive OnFailure(Exception failure) => Directive.Restart;

        public override bool Retire()
        {
            _cluster.Unsubscribe(actor.Self);
            Context.Stop(_dataSource);
            return false;
        }

        private void Commands()
        {
            actor.Command<RowsIdentified>(OnIdentified);
            actor.Command<RowsNotIdentified>(failed => actor.EndUnread(failed.Reason));
            actor.Command<TaskStarted>(started => _state!.Table.OnStarted(SenderPlace, started.Task.Index));
            actor.Command<TaskRefused>(refused => _state!.Table.OnRefused(SenderPlace, refused.Task.Index, Context.System.Scheduler.Now));
            actor.Command<TaskCompleted>(OnCompleted, completed => IsAsked(completed.Task));
            actor.Command<TaskFailed>(
                failed => actor.End(Result(JobStatus.Failed, failed.Kind, $"{Kind.Name} {failed.Task.Index}, worker {failed.Worker}: {failed.Reason}")), failed => IsAsked(failed.Task));
            actor.Command<TaskCompleted>(_ => { });
            actor.Command<TaskFailed>(_ => { });
            actor.Command<ClusterEvent.MemberRemoved>(gone => OnLost(gone.Member.Address, "its node was removed"));
            actor.Command<ClusterEvent.UnreachableMember>(gone => OnLost(gone.Member.Address, "its node is unreachable"));
            actor.Command<ClusterEvent.IClusterDomainEvent>(_ => Assign());
            actor.Command<ClusterEvent.CurrentClusterState>(_ => Assign());
            actor.Command<CommandTick>(_ => Assign());
            actor.Command<ResultsKept>(_ => Finish());
            actor.Command<ResultsNotKept>(failed => actor.End(Result(JobStatus.Failed, FailureKind.Storage, failed.Reason.Message)));
            actor.Command<CancelJob>(OnCancel);
            actor.Command<DescribeSource>(describe => _dataSource.Forward(describe));
        }

        /// <summary>Every runner must come to the rows that are here, whichever task it is given; and every task of the first round must be one.</summary>
        private void Identify()
        {
            PrivacySecret secret = actor._secret ?? actor._services.DrawSecret();
            string[] first = [.. Enumerable.Range(0, _state!.Table.Count).Select(_state.SpecificationOf)];
            actor._services.Compute.Run(() => DataRoots.Read(actor._services.Roots, () => Identify(secret, first))).PipeTo(
                actor.Self, success: rows => rows, failure: reason => new RowsNotIdentified(reason));
        }

        /// <summary>Of a private job what all tasks spend is in the data's ledger before any is computed.</summary>
        private RowsIdentified Identify(PrivacySecret secret, string[] specifications)
        {
            for (int index = 0; index < specifications.Length; index++)
                if (index == 0 || specifications[index] != specifications[index - 1]) Require(InputOf(index, specifications[index]));
            JobSpec spec = JobContext.Parse(submitted);
            PreparedData data = Kind.Load(InputOf(0, specifications[0]), actor._services.Storage);
            int trainings = Kind.TrainingsOf(new TaskJob(spec, stage.Specification));
            if (trainings == 0 || PrivacyPlan.For(spec, data.Shape.TrainingExamples) is not { } plan) return new RowsIdentified(data.SourceSha256, null, null, []);
            DataSpending spending = new(SourceIdentity.Of(spec.Data), $"{secret.Identity}/{stage.Specification}", spec.Name, plan.StepsAllowed, plan, trainings);
            return new RowsIdentified(data.SourceSha256, secret, spending, actor._services.Ledger.Enter(spending));
        }

        private void Require(TaskInput input)
        {
            try
            {
                Kind.SpecOf(input);
            }
            catch (BadInputException bad)
            {
                throw new BadInputException($"{Kind.Name} {input.Index}: {bad.File}", bad.Line, bad.Column, bad.Wanted, bad.Got, bad.Advice);
            }
        }

        private TaskInput InputOf(int index, string specification) =>
            new(submitted.Job.Value, submitted.JobText, submitted.BaseDirectory, specification, index);

        private void OnIdentified(RowsIdentified rows)
        {
            _rows = rows;
            if (rows.Secret is { } secret && actor._secret is null) actor.Persist(new SecretDrawn(submitted.Job, secret), drawn =>
            {
                actor._secret = drawn.Secret;
                BeginTasks(rows.Sha256);
            });
            else BeginTasks(rows.Sha256);
        }

        private void BeginTasks(string dataSha256)
        {
            _dataSha256 = dataSha256;
            Assign();
        }

        private void Assign()
        {
            if (_dataSha256 is not { } dataSha256) return;
            RunnerPlace[] runners = [.. _cluster.State.Members
                .Where(member => member.Status == MemberStatus.Up && member.HasRole(WorkerRole) && !_cluster.State.Unreachable.Contains(member))
                .SelectMany(member => RunnerPlace.On(member.Address, member.Address == _cluster.SelfAddress ? actor._services.OwnRunners : 1))];
            foreach (Assignment assignment in _state!.Table.Assign(runners, Context.System.Scheduler.Now))
                Context.System.ActorSelection(assignment.Runner.Path).Tell(
                    new RunTask(
                        new TaskId(submitted.Job, assignment.Index), Kind.Name, _state.SpecificationOf(assignment.Index),
                        submitted.JobText, submitted.BaseDirectory, dataSha256, actor.Self, KeyOf(assignment.Index)),
                    actor.Self);
        }

        private KeyBytes? KeyOf(int index) => actor._secret is null ? null : new KeyBytes(actor._secret.OfFold(index).ToBytes());

        private RunnerPlace SenderPlace => RunnerPlace.Of(actor.Sender, _cluster.SelfAddress);

        /// <summary>Whether the sender was given the task; if it was not, it is named.</summary>
        private bool IsAsked(TaskId task)
        {
            if (task.Job == submitted.Job && _state!.Table.IsGiven(SenderPlace, task.Index)) return true;
            actor._log.WordRefused(submitted.Job, SenderPlace.Node, $"what came of {Kind.Name} {task.Index}, which it was not given");
            return false;
        }

        private void OnLost(Address node, string reason)
        {
            foreach (int index in _state!.Table.OnLost(node)) actor._log.TaskReassigned(new TaskId(submitted.Job, index), reason);
            Assign();
        }

        private void OnCompleted(TaskCompleted completed)
        {
            if (!_state!.Table.IsNew(completed.Task.Index)) return;
            if (_state.ErrorOf(completed) is { } error) actor.End(Result(JobStatus.Failed, FailureKind.Internal, error));
            else actor.Persist(completed, Apply);
        }

        private void Apply(TaskCompleted completed)
        {
            try
            {
                _state!.OnCompleted(completed);
            }
            catch (BadInputException bad)
            {
                actor.EndUnread(bad);
                return;
            }
            Report(completed.Task.Index);
            if (_state.IsOver) Conclude();
            else Assign();
        }

        private void Report(int index)
        {
            TaskTable table = _state!.Table;
            Context.Parent.Tell(new JobAdvanced(submitted.Job, table.Completed, 0));
            actor._services.Progress.Report(new StepsProgressed(submitted.Job, table.Completed, table.Count, 0, 1, double.NaN, double.NaN, 0, table.Runners));
            actor._services.Progress.Report(new TaskProgressed(submitted.Job, index, table.Completed, table.Count, JobReports.OutcomeOf(_state.ReportOf(index))));
        }

        /// <summary>Results that are to be kept are in their file before the journal says that all is over.</summary>
        private void Conclude()
        {
            if (!Kind.KeepsResults)
            {
                Finish();
                return;
            }
            IReadOnlyList<TaskDone> done = _state!.Done;
            actor._services.Compute.Run(() =>
            {
                actor._services.Authority.Require(submitted.RunDirectory);
                TaskResultFile.Write(submitted.RunDirectory, done);
                return ResultsKept.Instance;
            }).PipeTo(actor.Self, success: kept => kept, failure: reason => new ResultsNotKept(reason));
        }

        private void Finish()
        {
            try
            {
                actor.End(Result(JobStatus.Completed), _state!.JobTextAfter());
            }
            catch (BadInputException bad)
            {
                actor.End(Result(JobStatus.Failed, FailureKind.BadInput, bad.Message));
            }
        }

        private void OnCancel(CancelJob cancel)
        {
            actor.Sender.Tell(new JobCancelling(cancel.Job));
            actor.End(Result(JobStatus.Cancelled));
        }

        private JobFinished Result(JobStatus status, FailureKind? kind = null, string reason = "") => new(
            submitted.Job, status, string.Empty, string.Empty, 0, 0, [], [], [], _state is { IsOver: true } ? Outcomes() : [], [],
            EpsilonWith([]), _rows?.Spending?.Plan.Delta ?? double.NaN, kind, reason, EpsilonWith(_rows?.Others));

        private ImmutableArray<TaskOutcome> Outcomes() =>
            [.. Enumerable.Range(0, _state!.Table.Count).Select(index => JobReports.OutcomeOf(_state.ReportOf(index)))];

        private double EpsilonWith(IReadOnlyList<PrivacyEntry>? others) =>
            _rows?.Spending is { } spending ? spending.EpsilonWith(others ?? [], spending.Steps) : double.NaN;

        private sealed record RowsIdentified(
            string Sha256, PrivacySecret? Secret, DataSpending? Spending, IReadOnlyList<PrivacyEntry> Others) : INoSerializationVerificationNeeded;

        private sealed record ResultsKept : INoSerializationVerificationNeeded
        {
            public static readonly ResultsKept Instance = new();
        }

        private sealed record ResultsNotKept(Exception Reason) : INoSerializationVerificationNeeded;

        private sealed record RowsNotIdentified(Exception Reason) : INoSerializationVerificationNeeded;
    }
}
