using Cluster.Coordinator.Cli;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks;

namespace Cluster.Coordinator.Tests.Cli;

public sealed class TrialTextTests
{
    private static readonly TaskReport[] s_trials = [Trial(1, 100, null), Trial(2, 60, 0.4), Trial(3, 20, 0.6), Trial(4, 15, 0.5)];

    [Fact]
    public void A_figure_that_a_trial_does_not_have_is_a_dash_and_the_best_is_marked()
    {
        JobSpec job = Job("{ search: grid, by: silhouette, keys: { model.clusters: [ 1, 2, 3, 4 ] } }");

        TrialText.Table(job, s_trials, null).ShouldBe(
        [
            "trial  inertia  silhouette  model.clusters",
            "0      100      -           1",
            "1      60       0.4         2",
            "2      20       0.6         3               best",
            "3      15       0.5         4",
        ]);
        TrialText.ElbowOf(job, s_trials).ShouldBe(3);
    }

    [Theory]
    [InlineData("{ by: silhouette, trials: 4, keys: { model.clusters: [ 1, 2, 3, 4 ] } }")]
    [InlineData("{ search: grid, by: silhouette, keys: { model.restarts: [ 1, 2, 3, 4 ] } }")]
    [InlineData("{ search: grid, by: silhouette, keys: { model.clusters: [ 1, 2, 3, 4 ], model.restarts: [ 2 ] } }")]
    public void Only_a_grid_over_the_clusters_alone_has_an_elbow(string tune) => TrialText.ElbowOf(Job(tune), s_trials).ShouldBeNull();

    [Fact]
    public void Figures_stand_under_the_rows_that_they_are_of()
    {
        JobSpec job = Job("{ search: grid, by: silhouette, keys: { model.clusters: [ 1, 2 ] } }");

        TrialText.Json(job, 1, s_trials[1])["training"]!["silhouette"]!.GetValue<double>().ShouldBe(0.4);
    }

    private static JobSpec Job(string tune) =>
        JobFile.Parse($"data: {{ source: rows.csv, split: {{ train: 1 }} }}\nmodel: {{ kind: kmeans }}\ntune: {tune}", "job.yaml", "/jobs");

    private static TaskReport Trial(int clusters, double inertia, double? silhouette) =>
        new(new Metrics(silhouette is { } value ? [new("inertia", inertia), new("silhouette", value)] : [new("inertia", inertia)]), new string('a', 64)) { Label = $"model.clusters={clusters}" };
}
