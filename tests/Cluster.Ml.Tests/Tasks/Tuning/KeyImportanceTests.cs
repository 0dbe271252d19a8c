using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks;
using Cluster.Ml.Tasks.Tuning;

namespace Cluster.Ml.Tests.Tasks.Tuning;

public sealed class KeyImportanceTests
{
    private static readonly JobSpec s_grid = SearchJobs.Of("{ search: grid, keys: { training.batch: [ 16, 32 ], training.optimizer.sgd.rate: { uniform: [ 1, 8 ], points: 8 } } }");

    [Fact]
    public void A_key_that_alone_decides_has_all_and_one_that_changes_nothing_has_none()
    {
        IReadOnlyList<KeyValuePair<string, double>> importance = KeyImportance.Of(s_grid, Trials((batch, _) => batch));

        importance.Select(key => key.Key).ShouldBe(["training.batch", "training.optimizer.sgd.rate"]);
        importance[0].Value.ShouldBe(1, 1e-12);
        importance[1].Value.ShouldBe(0, 1e-12);
    }

    // Eight rates have the ranks 1.5, 3.5 … 15.5, two trials each: Σ (r − 8.5)² = 336. Four groups have the means 2.5, 6.5, 10.5, 14.5, and so 4 · 2 (6² + 2²) = 320.
    [Fact]
    public void Numbers_are_grouped_by_value_into_four()
    {
        IReadOnlyList<KeyValuePair<string, double>> importance = KeyImportance.Of(s_grid, Trials((_, rate) => rate));

        importance[0].Key.ShouldBe("training.optimizer.sgd.rate");
        importance[0].Value.ShouldBe(320.0 / 336, 1e-12);
    }

    [Fact]
    public void Of_trials_that_are_all_equal_no_key_matters_and_of_few_nothing_is_told()
    {
        KeyImportance.Of(s_grid, Trials((_, _) => 1)).ShouldAllBe(key => key.Value == 0);
        KeyImportance.Of(s_grid, Trials((batch, _) => batch)[..7]).ShouldBeEmpty();
    }

    private static TaskReport[] Trials(Func<double, double, double> loss) =>
        [.. TrialDraw.Of(s_grid, s_grid.Tune!).Select((label, trial) => SearchJobs.Report(loss(trial / 8, trial % 8), label))];
}
