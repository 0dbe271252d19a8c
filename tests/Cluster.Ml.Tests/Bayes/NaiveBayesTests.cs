using System.Text.Json;
using Cluster.Ml.Bayes;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Learning;

namespace Cluster.Ml.Tests.Bayes;

public sealed class NaiveBayesTests
{
    public static TheoryData<string, string, double> Golden
    {
        get
        {
            TheoryData<string, string, double> cases = [];
            foreach (JsonElement golden in Results()) cases.Add(Text(golden, "source"), Text(golden, "distribution"), Number(golden, "smoothing"));
            return cases;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Golden))]
    public void Predictions_and_estimates_are_those_of_scikit_learn(string source, string distribution, double smoothing)
    {
        JsonElement golden = Results().Single(result => Text(result, "source") == source && Text(result, "distribution") == distribution && Number(result, "smoothing") == smoothing);
        string? file = source == "wine" ? SharedData.Find("data", "tabular", "wine.csv") : RepositoryFiles.Example($"{source}.csv");
        Skip.If(file is null, "Wine is not shipped: it stands beside the repository.");

        Fit fit = Train(file!, "data.target=target", $"model.distribution={distribution}", $"model.smoothing={smoothing:R}");

        string.Concat(fit.Predictions()).ShouldBe(Text(golden, "predictions"));
        fit.Result.Training["accuracy"]!.Value.ShouldBe(Number(golden, "accuracy"), 1e-12);
        fit.Result.Training["log-loss"]!.Value.ShouldBe(Number(golden, "log_loss"), 1e-9 * Number(golden, "log_loss"));
        foreach (string name in new[] { "means", "variances", "probabilities" }.Where(name => golden.TryGetProperty(name, out _)))
            fit.Learned(name).Select((value, i) => value * (i + 1)).Sum().ShouldBe(Number(golden, name), 1e-10 * Number(golden, name), name);
    }

    [Fact]
    public void It_fits_in_one_step_and_measures_in_a_second()
    {
        Fit fit = Train(RepositoryFiles.Example("iris.csv"), "data.target=target");

        fit.Result.Steps.ShouldBe(2);
        fit.Result.Converged.ShouldBeTrue();
        fit.Result.Loss.ShouldBe(fit.Result.Training["log-loss"]!.Value, 1e-14);
    }

    [Theory]
    [InlineData("gaussian", 2)]
    [InlineData("gaussian", 5)]
    [InlineData("multinomial", 3)]
    [InlineData("bernoulli", 8)]
    public void Any_number_of_workers_gives_the_same_bytes(string distribution, int workers)
    {
        byte[] Bytes(int count) =>
            TreeTraining.Train(Learner(out JobSpec job, out PreparedData data), job, data, count).State.Bytes.ToArray();

        Bytes(workers).ShouldBe(Bytes(1));

        ILearner Learner(out JobSpec job, out PreparedData data)
        {
            job = DataJobs.Of(RepositoryFiles.Example("digits.csv"), "naive-bayes", "data.target=target", $"model.distribution={distribution}");
            data = PreparedData.Load(job, NumberKind.Float64);
            return NaiveBayesLearner.Create(job, data.Shape);
        }
    }

    // A sum of squares would need 20 digits here.
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Features_far_from_zero_keep_the_digits_of_their_variances(int microBatches)
    {
        using TemporaryFolder folder = new();
        string near = folder.Write("near.csv", Rows(0)), far = folder.Write("far.csv", Rows(10_000_000_000));
        string[] settings = ["data.target=t", $"training.micro-batches={microBatches}"];

        double[] wanted = Train(near, settings).Learned("variances"), got = Train(far, settings).Learned("variances");

        for (int i = 0; i < wanted.Length; i++) got[i].ShouldBe(wanted[i], 1e-9 * wanted[i]);
        Train(far, settings).Predictions().ShouldBe(Train(near, settings).Predictions());

        static string Rows(long offset) => string.Concat(Enumerable.Range(0, 300).Select(i => $"{offset + (i * 37 % 101)},{offset + (i * i % 53) + (i % 2 * 20)},{(i % 2 == 0 ? "even" : "odd")}\n").Prepend("a,b,t\n"));
    }

    [Fact]
    public void Estimates_are_told_in_units_of_the_source_s_columns_however_they_are_scaled()
    {
        Fit plain = Train(RepositoryFiles.Example("iris.csv"), "data.target=target"), scaled = Train(RepositoryFiles.Example("iris.csv"), "data.target=target", "data.scale=standard");

        foreach (string name in new[] { "means", "variances" })
            foreach ((double one, double other) in plain.Learned(name).Zip(scaled.Learned(name))) other.ShouldBe(one, 1e-7);
        scaled.Learned("class_priors").ShouldBe([1 / 3.0, 1 / 3.0, 1 / 3.0]);
    }

    [Theory]
    [InlineData("a,b,t\n1,7,x\n2,7,x\n8,7,y\n9,7,y\n", "gaussian", "xxyy")]             // a column that is constant
    [InlineData("a,t\n7,x\n7,y\n7,y\n", "gaussian", "yyy")]                             // nothing varies: the larger class
    [InlineData("a,b,t\n1,2,x\n3,1,y\n", "gaussian", "xy")]                             // one row a class
    [InlineData("a,t\n1,x\n1,x\n1,x\n5,y\n5,y\n", "gaussian", "xxxyy")]                 // duplicates
    [InlineData("a,t\n1e100,x\n2e100,x\n8e100,y\n9e100,y\n", "gaussian", "xxyy")]
    [InlineData("a,t\n1e-100,x\n2e-100,x\n8e-100,y\n9e-100,y\n", "gaussian", "xxyy")]
    [InlineData("a,b,t\n0,0,x\n0,0,x\n0,0,y\n", "multinomial", "xxx")]                  // no event at all: the larger class
    [InlineData("a,b,t\n3,0,x\n0,4,y\n", "multinomial", "xy")]
    [InlineData("a,b,t\n0,1,x\n0,1,x\n1,1,y\n", "bernoulli", "xxy")]
    public void Degenerate_rows_have_an_answer(string rows, string distribution, string predictions)
    {
        using TemporaryFolder folder = new();

        Fit fit = Train(folder.Write("rows.csv", rows), "data.target=t", $"model.distribution={distribution}");

        string.Concat(fit.Predictions().Select(label => fit.Data.Shape.Classes[label])).ShouldBe(predictions);
        fit.Result.Training.AreFinite.ShouldBeTrue();
    }

    [Theory]
    [InlineData("a,b,t\n1,2,x\n3,-1.5,y\n", "multinomial", "seed=1", "counts of 0 or more with distribution: multinomial, got -1.5 in column 'b'")]
    [InlineData("a,t\n1e200,x\n-1e200,x\n3e200,y\n4e200,y\n", "gaussian", "seed=1", "the features or targets are too large; scale them")]
    public void Rows_that_no_such_model_has_are_told(string rows, string distribution, string setting, string words)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", rows);

        Should.Throw<DivergedException>(() => Train(file, "data.target=t", $"model.distribution={distribution}", setting)).Message.ShouldContain(words);
    }

    [Fact]
    public void A_class_without_training_rows_is_told()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("rows.csv", "a,t\n1,x\n2,x\n3,x\n4,y\n5,y\n6,y\n7,z\n");
        List<string> messages = [];
        for (int seed = 0; seed < 10; seed++)
            try
            {
                Train(file, "data.target=t", "data.split={ train: 0.7, test: 0.3, stratify: false }", $"seed={seed}");
            }
            catch (DivergedException diverged)
            {
                messages.Add(diverged.Message);
            }

        messages.ShouldNotBeEmpty();
        messages.ShouldAllBe(message => message.Contains("wanted training rows of every class, got none of class '", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("model.smoothing=0", "model.smoothing to be a number above 0")]
    [InlineData("training.regularize={ l2: 0.1 }", "model.smoothing keeps its estimates from extremes")]
    [InlineData("training.optimizer=adam", "this model has steps of its own")]
    public void What_does_not_fit_is_said(string setting, string words) =>
        Should.Throw<BadInputException>(() => DataJobs.Of("rows.csv", "naive-bayes", "data.target=t", setting)).Message.ShouldContain(words);

    private static JsonElement.ArrayEnumerator Results() =>
        JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("naive_bayes.json"))).RootElement.GetProperty("results").EnumerateArray();

    private static string Text(JsonElement golden, string name) => golden.GetProperty(name).GetString()!;

    private static double Number(JsonElement golden, string name) => golden.GetProperty(name).GetDouble();

    private static Fit Train(string source, params string[] settings)
    {
        JobSpec job = DataJobs.Of(source, "naive-bayes", settings);
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        NaiveBayesLearner learner = NaiveBayesLearner.Create(job, data.Shape);
        return new Fit(TreeTraining.Train(learner, job, data), data, learner);
    }

    private sealed record Fit(TreeTraining.Result Result, PreparedData Data, NaiveBayesLearner Learner)
    {
        public int[] Predictions()
        {
            (var predictions, var scores) = (new double[Data.Training.Count], new double[Data.Training.Count * Data.Shape.Classes.Count]);
            Learner.CreateContributor().Predict(Result.State, Data.Training, predictions, scores);
            foreach (double[] probabilities in scores.Chunk(Data.Shape.Classes.Count)) probabilities.Sum().ShouldBe(1, 1e-12);
            return [.. predictions.Select(label => (int)label)];
        }

        public double[] Learned(string name) => [.. Learner.Learned(Result.State, Data.Preprocessing).Single(numbers => numbers.Name == name).Values];
    }
}
