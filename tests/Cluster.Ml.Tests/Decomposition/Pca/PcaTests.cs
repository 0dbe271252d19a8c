using System.Globalization;
using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Decomposition.Pca;

public sealed class PcaTests
{
    // Of Fisher's irises, as scikit-learn's and R's documentation print them.
    private static readonly double[] s_ratios = [0.924618723, 0.053066483, 0.017102610, 0.005212184];
    private static readonly double[] s_variances = [4.22824171, 0.24267075, 0.0782095, 0.02383509];
    private static readonly double[] s_scaledRatios = [0.72962445, 0.22850762, 0.03668922, 0.00517871];
    private static readonly double[] s_first = [0.361387, -0.084523, 0.856671, 0.358289];

    [Fact]
    public void Variances_and_directions_of_iris_are_the_published_ones()
    {
        Trained iris = Train("iris-pca", "model.components=4");

        iris["explained_variance_ratio"].ShouldBe(s_ratios, 5e-10);
        iris["explained_variance"].ShouldBe(s_variances, 5e-8);
        iris["components"][..4].ShouldBe(s_first, 5e-7);
        Train("iris-pca", "model.components=4", "data.scale=standard")["explained_variance_ratio"].ShouldBe(s_scaledRatios, 5e-9);
    }

    [Fact]
    public void Numbers_are_those_of_scikit_learn()
    {
        foreach (JsonElement golden in JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("pca.json"))).RootElement.GetProperty("results").EnumerateArray())
        {
            double[] variances = Flat(golden.GetProperty("explained_variance"));
            string data = golden.GetProperty("data").GetString()!, scale = golden.GetProperty("scale").GetString()!, all = "data.split={ train: 1 }";
            string job = $"{Path.GetFileNameWithoutExtension(data)}-pca", components = $"model.components={variances.Length}";

            Trained learned = Train(job, components, $"data.scale={scale}", all);
            Trained whitened = Train(job, components, $"data.scale={scale}", all, "model.whiten=true");

            learned["explained_variance"].ShouldBe(variances, 1e-12 * variances[0]);
            foreach (string name in new[] { "explained_variance_ratio", "singular_values", "components" })
                learned[name].ShouldBe(Flat(golden.GetProperty(name)), 2e-11, $"{name} of {data}");
            learned.Model.Training["reconstruction-error"]!.Value.ShouldBe(golden.GetProperty("reconstruction_error").GetDouble(), 1e-11 * variances[0]);
            learned.Model.Training["explained-variance"]!.Value.ShouldBe(learned["explained_variance_ratio"].Sum(), 1e-12);
            learned.CoordinatesOf(3).ShouldBe(Flat(golden.GetProperty("first_rows")), 1e-9);
            whitened.CoordinatesOf(3).ShouldBe(Flat(golden.GetProperty("first_rows_whitened")), 1e-9);
        }
    }

    [Fact]
    public void Whitened_coordinates_of_the_training_rows_have_the_unit_matrix_as_covariance()
    {
        const int k = 5;
        Trained digits = Train("digits-pca", $"model.components={k}", "model.whiten=true");

        int rows = digits.Data.Training.Count;
        double[] coordinates = digits.CoordinatesOf(rows);

        for (int i = 0; i < k; i++)
            for (int j = 0; j < k; j++)
                (Enumerable.Range(0, rows).Sum(row => coordinates[(row * k) + i] * coordinates[(row * k) + j]) / (rows - 1)).ShouldBe(i == j ? 1 : 0, 1e-12);
    }

    [Fact]
    public void As_many_components_as_columns_give_every_row_back()
    {
        Trained iris = Train("iris-pca", "model.components=4");

        iris.Model.Training["reconstruction-error"]!.Value.ShouldBeInRange(0, 1e-28);
        iris.Model.Training["explained-variance"]!.Value.ShouldBe(1, 1e-15);
    }

    [Fact]
    public void A_row_s_prediction_is_its_squared_distance_from_what_its_coordinates_give_back()
    {
        Trained iris = Train("iris-pca", "data.split={ train: 1 }");
        int rows = iris.Data.Training.Count;
        var distances = new double[rows];

        iris.Learner.CreateContributor().Predict(iris.Model.State, iris.Data.Training, distances, []);

        distances.Average().ShouldBe(iris.Model.Training["reconstruction-error"]!.Value, 1e-12);
    }

    // Sums of squares that are not centred first lose all digits here: the square of 10⁷ is 10¹⁴, and the variances are below 5.
    [Fact]
    public void Rows_far_from_zero_lose_no_digits()
    {
        using TemporaryFolder folder = new();
        string[] lines = File.ReadAllLines(RepositoryFiles.Example("iris.csv"));
        IEnumerable<string> far = lines.Skip(1).Select(line => string.Join(',', line.Split(',').Select(
            (field, column) => column == 4 ? field : (1e7 + double.Parse(field, CultureInfo.InvariantCulture)).ToString("R", CultureInfo.InvariantCulture))));
        string path = Path.Combine(folder.Path, "far.csv");
        File.WriteAllLines(path, [lines[0], .. far]);

        Trained moved = Train("iris-pca", "model.components=4", $"data.source={path}");

        moved["explained_variance"].ShouldBe(Train("iris-pca", "model.components=4")["explained_variance"], 1e-8);
    }

    [Fact]
    public void Columns_that_do_not_differ_or_follow_others_have_components_without_variance()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "rows.csv");
        File.WriteAllText(path, "a,b,c\n1,2,7\n2,4,7\n3,6,7\n5,10,7\n");

        Trained line = Train("iris-pca", "model.components=3", $"data.source={path}", "data.ignore=[]", "model.whiten=true");

        line["explained_variance_ratio"].ShouldBe([1, 0, 0], 1e-15);
        line.CoordinatesOf(4).ShouldAllBe(coordinate => double.IsFinite(coordinate));
    }

    [Theory]
    [InlineData("model.components=5", "at most 4 components of 4 features and 150 training rows")]
    [InlineData("data.split={ train: 0.02, test: 0.98 }|model.components=4", "at most 3 components of 4 features and 3 training rows")]
    [InlineData("model.solver=randomized", "model.solver to be covariance")]
    [InlineData("training.regularize={ l2: 0.1 }", "its directions have length 1")]
    [InlineData("training.optimizer=adam", "this model has steps of its own")]
    public void What_does_not_fit_is_said(string settings, string words) =>
        Should.Throw<BadInputException>(() => Train("iris-pca", settings.Split('|'))).Message.ShouldContain(words);

    private static Trained Train(string name, params string[] settings)
    {
        JobSpec job = JobFile.Read(RepositoryFiles.Path("deploy", "jobs", $"{name}.yaml"), settings);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        ILearner learner = Learners.Create(job, data.Shape);
        return new Trained(data, learner, SequentialTrainer.Train(job, data, learner));
    }

    private static double[] Flat(JsonElement numbers) => numbers.ValueKind == JsonValueKind.Array
        ? [.. numbers.EnumerateArray().SelectMany(Flat)]
        : [numbers.GetDouble()];

    private sealed record Trained(PreparedData Data, ILearner Learner, TrainedModel Model)
    {
        public double[] this[string name] =>
            [.. ((ILearnedNumbers)Learner).Learned(Model.State, Data.Preprocessing).Single(numbers => numbers.Name == name).Values];

        /// <summary>[rows, components] of the first rows in file order.</summary>
        public double[] CoordinatesOf(int rows)
        {
            int k = ((IVectorOutput)Learner).OutputNames.Count;
            int[] order = [.. Data.Training.Order.ToArray().Order().Take(rows)];
            (var distances, var coordinates) = (new double[rows], new double[rows * k]);
            Learner.CreateContributor().Predict(Model.State, Data.Training with { Order = order }, distances, coordinates);
            return coordinates;
        }
    }
}
