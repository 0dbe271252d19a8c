using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Learning;

namespace Cluster.Ml.Tests.Linear;

public sealed class LinearRegressionLearnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static (TreeTraining.Result Result, PreparedData Data) Train(string source, int workers, params string[] settings)
    {
        JobSpec spec = DataJobs.Of(source, "linear-regression", settings);
        PreparedData data = PreparedData.Load(spec, NumberKind.Float64);
        return (TreeTraining.Train(LinearRegressionLearner.Create(spec, data.Shape), spec, data, workers), data);
    }

    // NIST Statistical Reference Datasets, certified to 15 digits; LRE is the number of digits that agree.
    [Theory]
    [InlineData("norris", 1, 12)]
    [InlineData("longley", 1, 11)]
    [InlineData("filip", 10, 7)]
    public void Nist_problems_are_solved_to_these_digits(string name, int degree, double digits)
    {
        JsonElement certified = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden($"nist_{name}.json"))).RootElement;
        string source = degree == 1 ? RepositoryFiles.Golden($"nist_{name}.csv") : _folder.Write("powers.csv", Powers(RepositoryFiles.Golden($"nist_{name}.csv"), degree));

        (TreeTraining.Result result, PreparedData data) = Train(source, 1, "data.target=y");

        double[] state = result.State.Doubles.ToArray();
        int p = data.Shape.Features + 1;
        double[] coefficients = [.. certified.GetProperty("coefficients").EnumerateArray().Select(e => e.GetDouble())];
        double[] errors = [.. certified.GetProperty("standard_errors").EnumerateArray().Select(e => e.GetDouble())];
        coefficients.Zip(state).Min(c => Digits(c.First, c.Second)).ShouldBeGreaterThan(digits);
        errors.Zip(state.Skip(p)).Min(c => Digits(c.First, c.Second)).ShouldBeGreaterThan(digits);
        Digits(certified.GetProperty("residual_sd").GetDouble(), state[2 * p]).ShouldBeGreaterThan(digits);
        result.Training["r2"]!.Value.ShouldBe(certified.GetProperty("r2").GetDouble(), Math.Pow(10, -digits));
    }

    [Fact]
    public void Diabetes_gives_the_published_in_sample_r2()
    {
        (TreeTraining.Result result, _) = Train(RepositoryFiles.Example("diabetes.csv"), 1);

        result.Training["r2"]!.Value.ShouldBe(0.5177, 5e-5);
        result.Training["rmse"]!.Value.ShouldBe(Math.Sqrt(result.Loss), 1e-9);
        (result.Steps, result.Converged).ShouldBe((1, true));
    }

    [Fact]
    public void Diabetes_gives_the_published_five_fold_r2()
    {
        JobSpec spec = DataJobs.Of(RepositoryFiles.Example("diabetes.csv"), "linear-regression", "data.scale=standard");
        double mean = Enumerable.Range(0, 5).Average(fold =>
        {
            PreparedData data = PreparedData.LoadFold(spec, NumberKind.Float64, fold, 5);
            LinearRegressionLearner learner = LinearRegressionLearner.Create(spec, data.Shape);
            TreeTraining.Result result = TreeTraining.Train(learner, spec, data);
            return Ml.Learning.EvaluationPlan.Measure(learner, learner.CreateContributor(), result.State, data.Test, 8)["r2"]!.Value;
        });

        mean.ShouldBe(0.489, 0.015);       // other folds than scikit-learn's
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void Any_number_of_workers_gives_the_same_bytes(int workers)
    {
        byte[] one = Train(RepositoryFiles.Example("diabetes.csv"), 1).Result.State.Bytes.ToArray();

        Train(RepositoryFiles.Example("diabetes.csv"), workers).Result.State.Bytes.ToArray().ShouldBe(one);
    }

    [Fact]
    public void A_dependent_column_gets_no_weight_and_changes_nothing_else()
    {
        string table = "a,b,twice,flat,target\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},{i * i % 7},{2 * i},3,{(5 * i) - (i * i % 7) + (i % 3)}\n"));
        double[] with = Train(_folder.Write("with.csv", table), 1).Result.State.Doubles[..5].ToArray();
        double[] without = Train(_folder.Write("with.csv", table), 1, "data.ignore=[twice, flat]").Result.State.Doubles[..3].ToArray();

        with[3..].ShouldBe([0, 0]);
        for (int i = 0; i < 3; i++) with[i].ShouldBe(without[i], 1e-12 * Math.Max(1, Math.Abs(without[i])));
    }

    [Fact]
    public void Fewer_rows_than_features_are_fitted_exactly()
    {
        (TreeTraining.Result result, _) = Train(_folder.Write("rows.csv", "a,b,c,d,target\n1,2,3,5,7\n2,3,5,7,11\n3,5,7,11,13\n"), 1);

        result.Training["rmse"]!.Value.ShouldBe(0, 1e-10);
    }

    [Fact]
    public void Ridge_solves_its_normal_equations()
    {
        (TreeTraining.Result result, PreparedData data) = Train(RepositoryFiles.Example("diabetes.csv"), 1, "data.scale=standard", "training.regularize={ l2: 0.1 }");
        double[] b = result.State.Doubles[..11].ToArray();

        // Gradient of (1/n)·Σ(y − b₀ − xᵀb)² + λ·Σb² at the solution.
        double[] gradient = Gradient(data, b);
        for (int j = 0; j <= 10; j++) (gradient[j] + (j == 0 ? 0 : 2 * 0.1 * b[j])).ShouldBe(0, 1e-10);
    }

    [Fact]
    public void Lasso_meets_its_optimality_conditions()
    {
        (TreeTraining.Result result, PreparedData data) = Train(RepositoryFiles.Example("diabetes.csv"), 1, "data.scale=standard", "training.regularize={ l1: 4.0, l2: 0.01 }");
        double[] b = result.State.Doubles[..11].ToArray();

        double[] gradient = Gradient(data, b);
        gradient[0].ShouldBe(0, 1e-8);
        b.Count(w => w == 0).ShouldBeInRange(1, 9);
        for (int j = 1; j <= 10; j++)
        {
            if (b[j] == 0) Math.Abs(gradient[j]).ShouldBeLessThan(4.0 + 1e-8);
            else (gradient[j] + (4.0 * Math.Sign(b[j])) + (2 * 0.01 * b[j])).ShouldBe(0, 1e-8);
        }
    }

    [Fact]
    public void Predictions_are_the_linear_form()
    {
        JobSpec spec = DataJobs.Of(RepositoryFiles.Example("diabetes.csv"), "linear-regression");
        PreparedData data = PreparedData.Load(spec, NumberKind.Float64);
        LinearRegressionLearner learner = LinearRegressionLearner.Create(spec, data.Shape);
        TreeTraining.Result result = TreeTraining.Train(learner, spec, data);
        var predictions = new double[442];
        learner.CreateContributor().Predict(result.State, data.Training, predictions, []);

        double[] b = result.State.Doubles.ToArray();
        for (int row = 0; row < 442; row++)
            predictions[row].ShouldBe(b[0] + data.Training.Table.DoublesOf(row).ToArray().Select((x, j) => x * b[j + 1]).Sum(), 1e-9);
        learner.Summarize(result.State).Rows.Count.ShouldBe(11);
    }

    [Theory]
    [InlineData("linear-regression", "none", false)]
    [InlineData("linear-regression", "standard", true)]
    [InlineData("ridge", "none", false)]
    [InlineData("kmeans", "none", false)]
    [InlineData("kmeans", "minmax", true)]
    public void Numbers_are_said_to_be_of_scaled_features_where_they_are(string kind, string scale, bool said)
    {
        JobSpec spec = DataJobs.Of(RepositoryFiles.Example("diabetes.csv"), kind, $"data.scale={scale}");
        ILearner learner = Learners.CreateAlone(spec, PreparedData.Load(spec, Learners.NumbersFor(spec)).Shape);

        ModelSummary summary = learner.Summarize(new NumericBuffer(learner.Numbers, learner.StateLength));

        summary.Notes.Any(note => note.EndsWith("of the scaled features", StringComparison.Ordinal)).ShouldBe(said);
    }

    private static double[] Gradient(PreparedData data, double[] b)
    {
        var gradient = new double[b.Length];
        foreach (int row in data.Training.Order.Span)
        {
            double[] x = [1, .. data.Training.Table.DoublesOf(row)];
            double error = x.Select((v, j) => v * b[j]).Sum() - data.Training.Table.Targets[row];
            for (int j = 0; j < b.Length; j++) gradient[j] += 2 * error * x[j] / data.Training.Count;
        }
        return gradient;
    }

    private static string Powers(string file, int degree)
    {
        string[] names = [.. Enumerable.Range(1, degree).Select(d => $"x{d}")];
        IEnumerable<string> rows = File.ReadLines(file).Skip(1).Select(line =>
        {
            string[] fields = line.Split(',');
            decimal x = decimal.Parse(fields[1]), power = 1;
            return fields[0] + "," + string.Join(',', Enumerable.Range(1, degree).Select(_ => (power *= x).ToString()));
        });
        return "y," + string.Join(',', names) + "\n" + string.Join('\n', rows) + "\n";
    }

    private static double Digits(double certified, double got) => got == certified ? 15 : -Math.Log10(Math.Abs(got - certified) / Math.Abs(certified));
}
