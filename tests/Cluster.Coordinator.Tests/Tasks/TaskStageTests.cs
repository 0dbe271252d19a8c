using Cluster.Messages;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Tasks;
using Cluster.Ml.Tasks.Tuning;

namespace Cluster.Coordinator.Tests.Tasks;

/// <summary>Jobs whose plan has a stage of tasks, and after it perhaps one of training, on whole clusters.</summary>
public sealed class TaskStageTests
{
    private const int Trials = 6;

    private static readonly string s_search = TestData.Mlp(
        epochs: 3, $"tune: {{ trials: {Trials}, keys: {{ training.optimizer.adam.rate: {{ log: [ 1e-3, 1e-1 ] }}, training.batch: [ 64, 128 ] }} }}");

    private static readonly Lazy<TaskReport[]> s_oracle = new(Oracle);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_search_gives_the_trials_of_one_thread_and_the_model_of_the_best(int workers)
    {
        await using WholeCluster cluster = new();
        await cluster.Start(workers);

        JobFinished finished = await cluster.Run(Submit(s_search));

        RequireOracle(finished);
    }

    [Fact]
    public async Task A_worker_and_a_coordinator_that_die_within_the_trials_change_nothing_and_no_result_is_journalled_twice()
    {
        SubmitJob submit = Submit(s_search);
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 2);

        await cluster.HoldBeyond(step: 1, submit);
        cluster.KillWorker();
        await cluster.StartWorker();
        await cluster.HoldBeyond(step: 2, submit.Job);
        cluster.KillCoordinator();
        await cluster.StartCoordinator();
        cluster.GoOn();
        JobFinished finished = await cluster.Finished(submit.Job);

        RequireOracle(finished);
        (await cluster.Journalled(submit.Job, "TC2")).Length.ShouldBe(Trials);
        (await cluster.Journalled(submit.Job, "jSE1")).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_coordinator_that_dies_in_the_training_after_the_trials_goes_on_with_it()
    {
        SubmitJob submit = Submit(s_search.Replace("epochs: 3", "epochs: 40", StringComparison.Ordinal).Replace($"trials: {Trials}", "trials: 1", StringComparison.Ordinal));
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 2);

        await cluster.HoldBeyond(step: 5, submit);      // there is one trial: this is a step of the training
        cluster.KillCoordinator();
        await cluster.StartCoordinator();
        cluster.GoOn();
        JobFinished finished = await cluster.Finished(submit.Job);

        finished.Reason.ShouldBeEmpty();
        TaskOutcome trial = finished.Tasks.ShouldHaveSingleItem();
        finished.ModelSha256.ShouldBe(trial.ModelSha256);
        (await cluster.Journalled(submit.Job, "TC2")).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_search_that_is_cancelled_goes_on_where_it_was()
    {
        SubmitJob submit = Submit(s_search);
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 2);
        await cluster.HoldBeyond(step: 1, submit);

        await cluster.Ask(new CancelJob(submit.Job, 1));
        (await cluster.Finished(submit.Job)).Status.ShouldBe(JobStatus.Cancelled);
        cluster.GoOn();
        (await cluster.Ask(new ResumeJob(submit.Job, 2))).ShouldBeOfType<JobAccepted>();
        JobFinished finished = (await cluster.Until(submit.Job, described => described.Line is { Run: 2, Status: JobStatus.Completed or JobStatus.Failed })).Finished!;

        RequireOracle(finished);
        (await cluster.Journalled(submit.Job, "TC2")).Length.ShouldBe(Trials);
    }

    [Fact]
    public async Task A_trial_that_is_no_job_is_named_with_its_index_and_the_reason()
    {
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 1);
        string text = TestData.Mlp(epochs: 1, "tune: { search: grid, keys: { training.batch: [ 64, 100 ] } }");

        JobFinished finished = await cluster.Run(Submit(text));

        (finished.Status, finished.FailureKind).ShouldBe((JobStatus.Failed, FailureKind.BadInput));
        finished.Reason.ShouldStartWith("trial 1: ");
        finished.Reason.ShouldContain("batch");
    }

    [Theory]
    [InlineData("fold", "1", "2 to 4096 folds")]
    [InlineData("fold", "many", "2 to 4096 folds")]
    [InlineData("trial", "", "the section tune")]
    [InlineData("tree", "", "tasks of a kind that is known, fold or trial")]
    public async Task Tasks_that_the_job_cannot_have_are_refused(string kind, string specification, string wanted)
    {
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 0);

        JobRefused refused = (await cluster.Ask(Submit(TestData.Mlp()) with { Tasks = new TaskOrder(kind, specification) })).ShouldBeOfType<JobRefused>();

        refused.Reason.ShouldContain(wanted);
    }

    private static SubmitJob Submit(string text) => CoordinatorBench.Submit(text) with { Tasks = new TaskOrder(TrialKind.KindName, "") };

    private static void RequireOracle(JobFinished finished)
    {
        JobSpec searched = JobFile.Parse(s_search, "job.yaml", TestData.Directory);
        finished.Reason.ShouldBeEmpty();
        finished.Tasks.Select(trial => trial.ModelSha256).ShouldBe(s_oracle.Value.Select(trial => trial.ModelSha256));
        finished.Tasks.SelectMany(trial => trial.Figures.Select(figure => figure.Value)).ShouldBe(s_oracle.Value.SelectMany(trial => trial.Figures.Values.Select(figure => figure.Value)));
        finished.ModelSha256.ShouldBe(s_oracle.Value[TrialKind.BestOf(searched, s_oracle.Value)!.Value].ModelSha256);
    }

    /// <summary>What one thread gives, trial after trial.</summary>
    private static TaskReport[] Oracle()
    {
        TrialKind kind = new();
        TaskJob job = new(JobFile.Parse(s_search, "job.yaml", TestData.Directory), "");
        return [.. kind.NextRound(job, []).Select((specification, index) =>
        {
            JobSpec spec = kind.SpecOf(new TaskInput("job", job.Spec.Text, TestData.Directory, specification, index));
            TrainedModel model = SequentialTrainer.Train(spec, PreparedData.Load(spec, Learners.NumbersFor(spec)));
            return new TaskReport(model.Validation, model.Sha256) { Label = specification };
        })];
    }
}
