using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks;
using Cluster.Ml.Tasks.Tuning;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Tasks.Tuning;

public sealed class TrialKindTests
{
    private static readonly TrialKind s_kind = new();

    [Fact]
    public void The_silhouette_finds_the_three_cultivars_of_the_wines_and_the_inertia_alone_would_take_the_most_clusters()
    {
        JobSpec job = JobFile.Read(RepositoryFiles.Path("deploy", "jobs", "wine-kmeans-choose.yaml"), ["model.restarts=3"]);

        TaskReport[] trials = Run(job);

        trials.Length.ShouldBe(10);
        TrialKind.FigureOf(job).Name.ShouldBe("silhouette");
        TrialSettings.Parse(trials[TrialKind.BestOf(job, trials)!.Value].Label)[0].Value.ShouldBe("3");
        trials[0].Figures["silhouette"].ShouldBeNull();
        trials.MinBy(trial => trial.Figures["inertia"]).ShouldBe(trials[^1]);
        JobFile.Parse(s_kind.JobTextAfter(new TaskJob(job, ""), Done(job, trials)), "best.yaml", job.BaseDirectory).Model.ShouldBe(job.Model);
    }

    [Fact]
    public void Without_validation_rows_a_figure_decides_that_more_clusters_alone_do_not_make_better()
    {
        Should.NotThrow(() => Require("kmeans", "{ by: silhouette, keys: { model.clusters: [ 2, 3 ] } }"));
        Should.NotThrow(() => Require("gaussian-mixture", "{ by: bic, keys: { model.components: [ 2, 3 ] } }"));
        Should.Throw<BadInputException>(() => Require("kmeans", "{ keys: { model.clusters: [ 2, 3 ] } }")).Message
            .ShouldContain("data.split.validation above 0, as trials are compared by inertia on those rows, got 0; set it to 0.15, for example, or compare on the training rows with tune.by: silhouette");
        Should.Throw<BadInputException>(() => Require("gaussian-mixture", "{ by: log-likelihood, keys: { model.components: [ 2, 3 ] } }")).Message
            .ShouldContain("tune.by: bic or aic or silhouette");
    }

    [Fact]
    public void A_search_of_trials_that_the_figure_cannot_be_measured_of_says_so()
    {
        JobSpec job = JobFile.Read(RepositoryFiles.Path("deploy", "jobs", "wine-kmeans-choose.yaml"), ["tune.keys={ model.clusters: [ 1 ] }"]);
        TaskReport[] trials = Run(job);

        Should.Throw<BadInputException>(() => s_kind.JobTextAfter(new TaskJob(job, ""), Done(job, trials))).Message
            .ShouldContain("wanted a trial of which silhouette can be measured, got none of 1");
    }

    private static void Require(string kind, string tune) => s_kind.Require(new TaskJob(DataJobs.Of("rows.csv", kind, $"tune={tune}"), ""));

    private static TaskReport[] Run(JobSpec job) =>
    [
        .. s_kind.NextRound(new TaskJob(job, ""), []).Select((specification, index) =>
        {
            TaskInput input = new(job.Name, job.Text, job.BaseDirectory, specification, index);
            return s_kind.ReportOf(new TaskDone(specification, s_kind.Run(input, s_kind.Load(input, RowStorage.Default))));
        }),
    ];

    private static TaskDone[] Done(JobSpec job, TaskReport[] trials) =>
        [.. s_kind.NextRound(new TaskJob(job, ""), []).Zip(trials, (specification, trial) => new TaskDone(specification, trial.ToBytes()))];
}
