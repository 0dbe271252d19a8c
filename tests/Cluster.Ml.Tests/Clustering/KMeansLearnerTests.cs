using Cluster.Ml.Clustering;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Learning;

namespace Cluster.Ml.Tests.Clustering;

public class KMeansLearnerTests
{
    private static (TreeTraining.Result Result, PreparedData Data, KMeansLearner Learner) Train(string source, int workers, params string[] settings)
    {
        JobSpec spec = DataJobs.Of(source, "kmeans", settings);
        PreparedData data = PreparedData.Load(spec, NumberKind.Float64);
        KMeansLearner learner = KMeansLearner.Create(spec, data.Shape);
        return (TreeTraining.Train(learner, spec, data, workers), data, learner);
    }

    private static (TreeTraining.Result Result, PreparedData Data, KMeansLearner Learner) Iris(int workers, int clusters, params string[] settings) =>
        Train(RepositoryFiles.Example("iris.csv"), workers, ["data.target=target", $"model.clusters={clusters}", .. settings]);

    // k = 1 and 3: documented by R and scikit-learn; k = 2, 4, 5: the best of 40 starts of an independent program.
    [Theory]
    [InlineData(1, 681.3706)]
    [InlineData(2, 152.347952)]
    [InlineData(3, 78.851441426)]
    [InlineData(4, 57.228473)]
    [InlineData(5, 46.446182)]
    public void Iris_gives_the_published_inertia(int clusters, double inertia)
    {
        TreeTraining.Result result = Iris(1, clusters, "model.restarts=20").Result;

        result.Converged.ShouldBeTrue();
        result.Training["inertia"]!.Value.ShouldBe(inertia, clusters == 3 ? 1e-9 : 5.1e-5);
    }

    [Theory]
    [InlineData("plus-plus", 42)]
    [InlineData("plus-plus", 1)]
    [InlineData("random", 42)]
    public void Iris_with_three_clusters_has_the_published_sizes_and_centres(string start, int seed)
    {
        (TreeTraining.Result result, _, KMeansLearner learner) = Iris(1, 3, $"model.start={start}", $"seed={seed}");

        double[] sizes = learner.Sizes(result.State).ToArray(), centroids = learner.Centroids(result.State).ToArray();
        sizes.Order().ShouldBe([38, 50, 62]);
        int setosa = Array.IndexOf(sizes, 50);
        double[] wanted = [5.006, 3.428, 1.462, 0.246];
        for (int f = 0; f < 4; f++) centroids[(4 * setosa) + f].ShouldBe(wanted[f], 1e-9);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void Any_number_of_workers_gives_the_same_bytes(int workers)
    {
        byte[] one = Iris(1, 3).Result.State.Bytes.ToArray();

        Iris(workers, 3).Result.State.Bytes.ToArray().ShouldBe(one);
    }

    [Fact]
    public void Another_seed_takes_another_way() =>
        Iris(1, 3, "seed=1").Result.State.Bytes.ToArray().ShouldNotBe(Iris(1, 3, "seed=2").Result.State.Bytes.ToArray());

    [Fact]
    public void Lloyds_steps_never_raise_the_inertia()
    {
        double last = double.PositiveInfinity;
        for (int epochs = 6; epochs < 20; epochs++)
        {
            double inertia = Train(RepositoryFiles.Example("digits.csv"), 1, "data.target=target", "model.clusters=5", "model.restarts=1", $"training.epochs={epochs}").Result.Training["inertia"]!.Value;
            inertia.ShouldBeLessThanOrEqualTo(last);
            last = inertia;
        }
    }

    [Fact]
    public void Start_centroids_are_drawn_in_proportion_to_squared_distance()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", "a\n0\n1\n3\n");
        var second = new Dictionary<(double, double), int>();
        for (int seed = 0; seed < 3000; seed++)
        {
            (TreeTraining.Result result, _, KMeansLearner learner) = Train(file, 1, "model.clusters=2", "model.restarts=1", "training.epochs=2", $"seed={seed}");
            double[] c = learner.Centroids(result.State).ToArray();
            second[(c[0], c[1])] = second.GetValueOrDefault((c[0], c[1])) + 1;
        }

        // First: 1/3 each. Then by d²: from 0: 1 and 9; from 1: 1 and 4; from 3: 9 and 4.
        double chiSquare = 0;
        foreach (((double, double) pair, double p) in new[] { ((0.0, 1.0), 1 / 30.0), ((0.0, 3.0), 9 / 30.0), ((1.0, 0.0), 1 / 15.0), ((1.0, 3.0), 4 / 15.0), ((3.0, 0.0), 9 / 39.0), ((3.0, 1.0), 4 / 39.0) })
            chiSquare += Math.Pow(second.GetValueOrDefault(pair) - (3000 * p), 2) / (3000 * p);
        chiSquare.ShouldBeLessThan(20.52);       // 0.999 quantile, 5 degrees of freedom
    }

    [Fact]
    public void Fewer_distinct_rows_than_clusters_still_end()
    {
        using TemporaryFolder folder = new();
        TreeTraining.Result result = Train(folder.Write("rows.csv", "a,b\n1,1\n1,1\n1,1\n2,2\n2,2\n"), 1, "model.clusters=4", "model.restarts=3").Result;

        result.Converged.ShouldBeTrue();
        result.Training["inertia"]!.Value.ShouldBe(0);
    }

    [Fact]
    public void An_empty_cluster_takes_the_farthest_example()
    {
        KMeansLayout layout = new(2, 1, 1);
        (var run, var part) = (new double[layout.RunLength], new double[layout.PartLength]);
        KMeansRun start = new(layout, run);
        KMeansPart sums = new(layout, part);
        (start.Centroids[0], start.Centroids[1]) = (2, 100);
        (sums.Sums[0], sums.Sizes[0], sums.Inertia) = (9, 3, 14);
        sums.Key = double.PositiveInfinity;
        sums.Offer(-1, 4, [1]);
        sums.Offer(-9, 7, [5]);
        sums.Offer(-9, 2, [6]);

        LloydStep.Apply(layout, start, sums, 0);

        start.Centroids.ToArray().ShouldBe([3, 6]);
        start.Settled.ShouldBe(0);
    }

    [Fact]
    public void Predictions_are_the_nearest_centroids()
    {
        (TreeTraining.Result result, PreparedData data, KMeansLearner learner) = Iris(1, 3);
        var predictions = new double[150];
        learner.CreateContributor().Predict(result.State, data.Training, predictions, []);
        double[] centroids = learner.Centroids(result.State).ToArray(), sizes = learner.Sizes(result.State).ToArray();

        for (int row = 0; row < 150; row++)
        {
            double[] x = data.Training.Table.DoublesOf(row).ToArray();
            double[] squares = [.. Enumerable.Range(0, 3).Select(c => x.Select((v, f) => Math.Pow(v - centroids[(4 * c) + f], 2)).Sum())];
            predictions[row].ShouldBe(Array.IndexOf(squares, squares.Min()));
        }
        predictions.CountBy(p => p).OrderBy(p => p.Key).Select(p => (double)p.Value).ShouldBe(sizes);
        learner.Summarize(result.State).Notes[0].ShouldContain("78.85144");
    }

    [Fact]
    public void More_clusters_than_rows_are_refused()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", "a\n1\n2\n");

        Should.Throw<BadInputException>(() => Train(file, 1, "model.clusters=3")).Wanted.ShouldContain("3 training rows");
    }
}
