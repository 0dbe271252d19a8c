using System.Globalization;
using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks.Tuning;

namespace Cluster.Ml.Tests.Tasks.Tuning;

public sealed class TrialDrawTests
{
    [Fact]
    public void A_grid_has_every_combination_and_the_last_key_changes_fastest() =>
        Drawn("{ search: grid, keys: { training.batch: [ 16, 32 ], training.optimizer.sgd.rate: { log: [ 0.001, 0.1 ], points: 3 } } }").ShouldBe(
        [
            "training.batch=16\ntraining.optimizer.sgd.rate=0.001", "training.batch=16\ntraining.optimizer.sgd.rate=0.01", "training.batch=16\ntraining.optimizer.sgd.rate=0.1",
            "training.batch=32\ntraining.optimizer.sgd.rate=0.001", "training.batch=32\ntraining.optimizer.sgd.rate=0.01", "training.batch=32\ntraining.optimizer.sgd.rate=0.1",
        ]);

    [Theory]
    [InlineData("{ uniform: [ 0, 1 ], points: 3 }", "0", "0.5", "1")]
    [InlineData("{ whole: [ 1, 9 ], points: 3 }", "1", "5", "9")]
    [InlineData("{ whole: [ 1, 2 ], points: 7 }", "1", "2")]
    [InlineData("{ log-whole: [ 16, 256 ], points: 3 }", "16", "64", "256")]
    [InlineData("[ { l1: 0.1 }, { l2: 'a b' } ]", "{ 'l1': 0.1 }", "{ 'l2': 'a b' }")]
    public void The_points_of_a_range_and_the_values_of_a_list_are_as_written(string values, params string[] wanted) =>
        Drawn($"{{ search: grid, keys: {{ training.regularize: {values} }} }}").ShouldBe(wanted.Select(value => $"training.regularize={value}"));

    [Fact]
    public void Random_trials_are_a_function_of_seed_and_trial_alone()
    {
        const string keys = "keys: { training.batch: [ 16, 32, 64 ], training.optimizer.sgd.rate: { log: [ 1e-4, 1 ] }, training.epochs: { whole: [ 1, 9 ] } } }";
        IReadOnlyList<string> few = Drawn("{ trials: 5, " + keys), many = Drawn("{ trials: 300, " + keys), other = Drawn("{ trials: 5, " + keys, "seed=8");

        many.Take(5).ShouldBe(few);
        other.ShouldNotBe(few);
        Numbers(many, "training.optimizer.sgd.rate").ShouldAllBe(rate => rate >= 1e-4 && rate <= 1);
        Numbers(many, "training.optimizer.sgd.rate").Count(rate => rate < 0.01).ShouldBeInRange(110, 190);      // half of the logarithms; 300 trials, 4.6 deviations
        Numbers(many, "training.epochs").Distinct().Order().ShouldBe(Enumerable.Range(1, 9).Select(epochs => (double)epochs));
        Numbers(many, "training.batch").Distinct().Order().ShouldBe([16, 32, 64]);
    }

    [Fact]
    public void Every_drawn_trial_is_a_job_that_can_be_read()
    {
        JobSpec job = SearchJobs.Of("{ trials: 50, keys: { training.optimizer: [ { adam: { rate: 0.01 } }, sgd ], training.regularize.l2: { log: [ 1e-6, 1e-2 ] } } }");

        foreach (string trial in TrialDraw.Of(job, job.Tune!))
            JobFile.Parse(job.Text, "trial.yaml", "/jobs", [.. TrialSettings.Split(trial), "tune=null"]).Training.Regularize.L2.ShouldBeInRange(1e-6, 1e-2);
    }

    private static IReadOnlyList<string> Drawn(string tune, params string[] settings)
    {
        JobSpec job = SearchJobs.Of(tune, settings);
        return TrialDraw.Of(job, job.Tune!);
    }

    private static double[] Numbers(IEnumerable<string> trials, string key) =>
        [.. trials.Select(trial => double.Parse(TrialSettings.Parse(trial).Single(setting => setting.Key == key).Value, CultureInfo.InvariantCulture))];
}
