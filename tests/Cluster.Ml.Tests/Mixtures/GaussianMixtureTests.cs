using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Mixtures;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Learning;

namespace Cluster.Ml.Tests.Mixtures;

public sealed class GaussianMixtureTests
{
    public static TheoryData<int, string> Golden
    {
        get
        {
            TheoryData<int, string> cases = [];
            foreach (JsonElement golden in Results()) cases.Add(golden.GetProperty("components").GetInt32(), golden.GetProperty("covariance").GetString()!);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void Iris_gives_the_optimum_of_scikit_learn(int components, string covariance)
    {
        JsonElement golden = Results().Single(result => result.GetProperty("components").GetInt32() == components && result.GetProperty("covariance").GetString() == covariance);

        Fit fit = Iris(1, $"model.components={components}", $"model.covariance={covariance}", "model.restarts=10", "training.tolerance=1e-12", "training.epochs=2000");

        fit.Result.Converged.ShouldBeTrue();
        foreach ((string ours, string theirs) in new[] { ("log-likelihood", "log_likelihood"), ("bic", "bic"), ("aic", "aic") })
            fit.Result.Training[ours]!.Value.ShouldBe(golden.GetProperty(theirs).GetDouble(), ours == "log-likelihood" ? 1e-8 : 3e-6, ours);
        double[] weights = [.. golden.GetProperty("weights").EnumerateArray().Select(weight => weight.GetDouble())];
        foreach ((double got, double wanted) in fit.Learned("weights").Order().Zip(weights)) got.ShouldBe(wanted, 1e-4);
        double spread = covariance == "spherical" ? fit.Learned("covariances").Sum() / 4 : fit.Learned("covariances").Sum();
        spread.ShouldBe(golden.GetProperty("covariances").GetDouble(), 1e-3);
        fit.Learned("log_likelihood")[0].ShouldBe(fit.Result.Training["log-likelihood"]!.Value, 1e-12);
        fit.Learned("bic")[0].ShouldBe(fit.Result.Training["bic"]!.Value, 1e-9);
    }

    // scikit-learn documents -180.185 in all, as do mclust and tidyLPA; without regularization -180.185477.
    [Fact]
    public void Iris_with_three_full_covariances_has_the_published_likelihood_and_sizes()
    {
        Fit fit = Iris(1, "model.components=3", "model.restarts=10", "model.regularize=0", "training.tolerance=1e-12", "training.epochs=2000");

        (150 * fit.Result.Training["log-likelihood"]!.Value).ShouldBe(-180.185477, 1e-6);
        double[] sizes = [.. fit.Learned("weights").Order().Select(weight => 150 * weight)];
        foreach ((double got, double wanted) in sizes.Zip([44.88, 50, 55.12])) got.ShouldBe(wanted, 0.01);
    }

    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    [InlineData("diagonal")]
    [InlineData("spherical")]
    public void Steps_never_lower_the_likelihood_and_any_number_of_workers_takes_the_same(string covariance)
    {
        string[] settings = ["model.components=3", $"model.covariance={covariance}", "model.restarts=2", "model.regularize=0", "training.tolerance=0"];
        double last = double.NegativeInfinity;
        for (int epochs = 25; epochs < 32; epochs++)
        {
            double now = Iris(1, [.. settings, $"training.epochs={epochs}"]).Result.Training["log-likelihood"]!.Value;
            if (epochs > 25) now.ShouldBeGreaterThanOrEqualTo(last - 1e-13);
            last = now;
        }

        byte[] one = Iris(1, [.. settings, "training.epochs=40"]).Result.State.Bytes.ToArray();
        foreach (int workers in new[] { 2, 3, 5, 8 }) Iris(workers, [.. settings, "training.epochs=40"]).Result.State.Bytes.ToArray().ShouldBe(one);
    }

    [Fact]
    public void Predictions_are_the_likeliest_components_and_their_probabilities_add_up()
    {
        Fit fit = Iris(1, "model.components=3", "model.restarts=5");
        (var predictions, var scores) = (new double[150], new double[600]);

        fit.Learner.CreateContributor().Predict(fit.Result.State, fit.Data.Training, predictions, scores);

        for (int row = 0; row < 150; row++)
        {
            double[] probabilities = scores[(4 * row)..((4 * row) + 3)];
            probabilities.Sum().ShouldBe(1, 1e-12);
            Array.IndexOf(probabilities, probabilities.Max()).ShouldBe((int)predictions[row]);
        }
        Enumerable.Range(0, 150).Average(row => scores[(4 * row) + 3]).ShouldBe(fit.Result.Training["log-likelihood"]!.Value, 1e-12);
        fit.Learner.MembershipNames.ShouldBe(["probability_0", "probability_1", "probability_2", "log_density"]);
        predictions.CountBy(cluster => cluster).Select(count => count.Value).Order().ShouldBe([45, 50, 55]);
    }

    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    [InlineData("diagonal")]
    [InlineData("spherical")]
    public void Rows_far_from_zero_have_the_same_covariances(string covariance)
    {
        using TemporaryFolder folder = new();
        string[] settings = ["model.components=2", $"model.covariance={covariance}"];

        Fit near = Train(folder.Write("near.csv", Rows(0)), 1, settings), far = Train(folder.Write("far.csv", Rows(1L << 30)), 1, settings);

        far.Learned("log_likelihood")[0].ShouldBe(near.Learned("log_likelihood")[0], 1e-6);
        foreach ((double got, double wanted) in far.Learned("covariances").Zip(near.Learned("covariances"))) got.ShouldBe(wanted, 1e-5);

        static string Rows(long offset) => string.Concat(Enumerable.Range(0, 200).Select(i => $"{offset + (i * 37 % 11) + (i % 2 * 40)},{offset + (i * i % 13)}\n").Prepend("a,b\n"));
    }

    [Fact]
    public void Means_and_covariances_are_told_in_units_of_the_source_s_columns()
    {
        Fit plain = Iris(1, "model.components=1", "model.regularize=0"), scaled = Iris(1, "model.components=1", "model.regularize=0", "data.scale=standard");

        foreach (string name in new[] { "means", "covariances" })
            foreach ((double got, double wanted) in scaled.Learned(name).Zip(plain.Learned(name))) got.ShouldBe(wanted, 1e-12);
    }

    [Theory]
    [InlineData("a,b\n3,4\n", 1, "full", 11.97763349)]                                // one row: the density of a Gaussian of variance 1e-6 at its mean
    [InlineData("a,b\n3,1\n3,2\n3,4\n3,5\n", 1, "full", 4.11173285)]                   // a constant column
    [InlineData("a\n1\n1\n1\n2\n2\n", 4, "diagonal", 5.31580508)]                       // fewer distinct rows than components
    [InlineData("a\n1e100\n2e100\n4e100\n", 1, "full", -231.89836420)]
    public void Degenerate_rows_have_an_answer(string rows, int components, string covariance, double likelihood)
    {
        using TemporaryFolder folder = new();

        Fit fit = Train(folder.Write("rows.csv", rows), 1, $"model.components={components}", $"model.covariance={covariance}");

        fit.Result.Converged.ShouldBeTrue();
        fit.Result.Training["log-likelihood"]!.Value.ShouldBe(likelihood, 1e-7);
        fit.Learned("weights").Sum().ShouldBe(1, 1e-12);
    }

    [Theory]
    [InlineData("a,b\n1,2\n2,4\n3,6\n", 1, "wanted covariances that have an inverse, got component 0, which is flat; raise model.regularize")]
    [InlineData("a,b\n3,1\n3,2\n3,4\n", 1, "wanted covariances that have an inverse")]
    [InlineData("a,b\n1e200,1\n-1e200,2\n3e200,4\n", 1, "the features or targets are too large; scale them")]
    public void Rows_without_a_density_are_told(string rows, int components, string words)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", rows);

        Should.Throw<DivergedException>(() => Train(file, 1, $"model.components={components}", "model.regularize=0")).Message.ShouldContain(words);
    }

    [Theory]
    [InlineData("model.components=4", "at least 4 training rows for 4 components, got 3; lower model.components")]
    [InlineData("training.epochs=10", "training.epochs of at least 23 for 1 components")]
    public void What_does_not_fit_the_data_is_said(string setting, string words)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", "a\n1\n2\n3\n");

        Should.Throw<BadInputException>(() => Train(file, 1, setting)).Message.ShouldContain(words);
    }

    private static JsonElement.ArrayEnumerator Results() =>
        JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("gaussian_mixture.json"))).RootElement.GetProperty("results").EnumerateArray();

    private static Fit Iris(int workers, params string[] settings) => Train(RepositoryFiles.Example("iris.csv"), workers, ["data.ignore=[ target ]", .. settings]);

    private static Fit Train(string source, int workers, params string[] settings)
    {
        JobSpec job = DataJobs.Of(source, "gaussian-mixture", settings);
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        GaussianMixtureLearner learner = GaussianMixtureLearner.Create(job, data.Shape);
        return new Fit(TreeTraining.Train(learner, job, data, workers), data, learner);
    }

    private sealed record Fit(TreeTraining.Result Result, PreparedData Data, GaussianMixtureLearner Learner)
    {
        public double[] Learned(string name) => [.. Learner.Learned(Result.State, Data.Preprocessing).Single(numbers => numbers.Name == name).Values];
    }
}
