using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Tasks.Tuning;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Tasks.Tuning;

public sealed class TrialFiguresTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    // Documented by scikit-learn's examples, of all 150 rows.
    [Fact]
    public void Three_clusters_of_the_irises_have_the_published_silhouette()
    {
        Metrics figures = Measure(DataJobs.Of(RepositoryFiles.Example("iris.csv"), "kmeans", "data.ignore=[ target ]", "data.scale=none", "model.clusters=3"), out _, out _);

        figures["inertia"]!.Value.ShouldBe(78.851441426146, 1e-9);
        figures["silhouette"]!.Value.ShouldBe(.5528190123564095, 1e-12);
    }

    [Fact]
    public void One_cluster_has_no_silhouette_and_what_finds_none_has_none()
    {
        string iris = RepositoryFiles.Example("iris.csv");

        Measure(DataJobs.Of(iris, "kmeans", "data.ignore=[ target ]", "model.clusters=1"), out _, out _).Values.Select(figure => figure.Key).ShouldBe(["inertia"]);
        Measure(DataJobs.Of(iris, "naive-bayes", "data.target=target"), out _, out _)["silhouette"].ShouldBeNull();
        Measure(DataJobs.Of(iris, "gaussian-mixture", "data.ignore=[ target ]", "model.components=2"), out _, out _)["silhouette"]!.Value.ShouldBeInRange(0.3, 0.7);
    }

    [Fact]
    public void Of_many_rows_some_are_measured_evenly_spaced()
    {
        const int rows = 3001;
        File.WriteAllLines(_file, Enumerable.Range(0, rows).Select(i => (i * i % 1009).ToString(CultureInfo.InvariantCulture)).Prepend("x"));

        Metrics figures = Measure(DataJobs.Of(_file, "kmeans", "data.format=csv", "data.scale=none", "model.clusters=2"), out PreparedData data, out TrainedModel model);

        double[] some = [.. Enumerable.Range(0, TrialFigures.RowsMax).Select(i => data.Training.Table.DoublesOf(data.Training.Order.Span[i * rows / TrialFigures.RowsMax])[0])];
        double middle = CentroidsOf(data, model).Average();
        figures["silhouette"]!.Value.ShouldBe(Silhouettes.Of(some, 1, [.. some.Select(x => x < middle ? 0 : 1)])!.Average(), 1e-12);
    }

    [Fact]
    public void Validation_rows_are_measured_if_there_are_some()
    {
        string[] settings = ["data.ignore=[ target ]", "data.scale=none", "model.clusters=3", "data.split={ train: 0.6, validation: 0.4 }"];
        JobSpec job = DataJobs.Of(RepositoryFiles.Example("iris.csv"), "kmeans", settings);

        Metrics figures = Measure(job, out _, out TrainedModel model);

        TrialFigures.SplitOf(job).ShouldBe(SplitKind.Validation);
        figures["inertia"].ShouldBe(model.Validation["inertia"]);
        figures["silhouette"]!.Value.ShouldBeInRange(0.4, 0.7);
        Math.Abs(figures["silhouette"]!.Value - .5528190123564095).ShouldBeGreaterThan(1e-6);
    }

    private static Metrics Measure(JobSpec job, out PreparedData data, out TrainedModel model)
    {
        data = PreparedData.Load(job, Learners.NumbersFor(job));
        model = SequentialTrainer.Train(job, data);
        return TrialFigures.Measure(job, data, model);
    }

    private static double[] CentroidsOf(PreparedData data, TrainedModel model)
    {
        JobSpec job = DataJobs.Of("rows.csv", "kmeans", "model.clusters=2");
        return [.. ((ILearnedNumbers)Learners.Create(job, data.Shape)).Learned(model.State, data.Preprocessing).Single(numbers => numbers.Name == "centroids").Values];
    }
}
