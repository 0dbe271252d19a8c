using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks;
using Cluster.Ml.Tasks.Tuning;

namespace Cluster.Ml.Tests.Tasks.Tuning;

public sealed class TrialRoundsTests
{
    private static readonly JobSpec s_halving = SearchJobs.Of("{ search: halving, trials: 9, keep: 3, keys: { training.optimizer.sgd.rate: { log: [ 1e-3, 1 ] } } }");

    [Fact]
    public void A_random_search_has_one_round_and_the_first_of_equal_trials_is_the_best()
    {
        JobSpec job = SearchJobs.Of("{ trials: 4, keys: { training.batch: [ 16, 32 ] } }");
        TrialRounds rounds = new(job, job.Tune!);
        TaskReport[] done = [SearchJobs.Report(0.5), SearchJobs.Report(0.25), SearchJobs.Failed(), SearchJobs.Report(0.25)];

        rounds.Next([]).Count.ShouldBe(4);
        rounds.Next(done).ShouldBeEmpty();
        rounds.Best(done).ShouldBe(1);
        rounds.Best([SearchJobs.Failed(), SearchJobs.Failed()]).ShouldBeNull();
    }

    [Fact]
    public void Halving_gives_the_best_third_three_times_the_epochs_until_one_has_all()
    {
        TrialRounds rounds = new(s_halving, s_halving.Tune!);

        IReadOnlyList<string> first = rounds.Next([]);
        TaskReport[] nine = [.. first.Select((label, trial) => SearchJobs.Report(Math.Abs(trial - 4), label))];
        IReadOnlyList<string> second = rounds.Next(nine);
        TaskReport[] twelve = [.. nine, .. second.Select((label, place) => SearchJobs.Report(-place, label))];
        IReadOnlyList<string> third = rounds.Next(twelve);
        TaskReport[] all = [.. twelve, .. third.Select(label => SearchJobs.Report(1, label))];

        first.Count.ShouldBe(9);
        first.ShouldAllBe(trial => trial.EndsWith("\ntraining.epochs=3", StringComparison.Ordinal));
        second.ShouldBe(new[] { 3, 4, 5 }.Select(trial => first[trial].Replace("epochs=3", "epochs=9", StringComparison.Ordinal)));
        third.ShouldBe([second[2].Replace("epochs=9", "epochs=27", StringComparison.Ordinal)]);
        rounds.Next(all).ShouldBeEmpty();
        rounds.Best(all).ShouldBe(12);
    }

    [Fact]
    public void A_trial_that_failed_goes_on_to_no_round_and_where_all_failed_the_search_is_over()
    {
        TrialRounds rounds = new(s_halving, s_halving.Tune!);
        IReadOnlyList<string> first = rounds.Next([]);

        TaskReport[] twoLeft = [.. first.Select((label, trial) => trial is 2 or 7 ? SearchJobs.Report(trial, label) : SearchJobs.Failed(label))];
        IReadOnlyList<string> second = rounds.Next(twoLeft);
        TaskReport[] noneLeft = [.. first.Select(SearchJobs.Failed)];

        second.Count.ShouldBe(2);
        rounds.Next(noneLeft).ShouldBeEmpty();
        rounds.Best(noneLeft).ShouldBeNull();
        rounds.Best([.. twoLeft, SearchJobs.Failed(second[0]), SearchJobs.Failed(second[1])]).ShouldBe(2);
    }

    [Theory]
    [InlineData(27, 9, 3)]      // 9, 3 and 1 trials of 3, 9 and 27 epochs
    [InlineData(27, 2, 1)]      // too few trials to halve
    [InlineData(4, 81, 2)]      // too few epochs for more rounds: 81 trials of 1, 27 of 4
    [InlineData(2, 81, 1)]
    public void There_are_as_many_rounds_as_trials_and_epochs_allow(int epochs, int trials, int wanted)
    {
        JobSpec job = SearchJobs.Of($"{{ search: halving, trials: {trials}, keys: {{ training.batch: [ 16, 32 ] }} }}", $"training.epochs={epochs}");
        TrialRounds rounds = new(job, job.Tune!);
        List<TaskReport> done = [];
        int count = 0;

        for (IReadOnlyList<string> next = rounds.Next(done); next.Count > 0; next = rounds.Next(done), count++)
            done.AddRange(next.Select(label => SearchJobs.Report(1, label)));

        count.ShouldBe(wanted);
        if (wanted > 1) done[^1].Label.ShouldEndWith($"training.epochs={epochs}");
    }

    [Fact]
    public void The_best_job_has_the_best_values_all_epochs_and_no_search()
    {
        TaskReport[] done = [.. new TrialRounds(s_halving, s_halving.Tune!).Next([]).Select((label, trial) => SearchJobs.Report(trial == 3 ? 0 : 1, label))];

        JobSpec best = JobFile.Parse(TrialKind.BestJob(s_halving, done)!, "best.yaml", "/jobs");

        best.Tune.ShouldBeNull();
        best.Training.Epochs.ShouldBe(27);
        best.Training.Optimizer.ShouldNotBe(s_halving.Training.Optimizer);
        best.Name.ShouldBe(s_halving.Name);
    }
}
