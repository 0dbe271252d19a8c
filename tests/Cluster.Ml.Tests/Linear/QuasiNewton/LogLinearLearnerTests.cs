using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear.QuasiNewton;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Learning;

namespace Cluster.Ml.Tests.Linear.QuasiNewton;

public sealed class LogLinearLearnerTests
{
    private static readonly JsonElement[] s_golden =
        [.. JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("log_linear.json"))).RootElement.GetProperty("results").EnumerateArray()];

    public static TheoryData<int> Golden => new(Enumerable.Range(0, s_golden.Length));

    [Theory]
    [MemberData(nameof(Golden))]
    public void Coefficients_are_those_of_scikit_learn(int index)
    {
        JsonElement golden = s_golden[index];
        string penalty = $"training.regularize={{ {golden.GetProperty("penalty").GetString()}: {golden.GetProperty("weight").GetRawText()} }}";

        (TreeTraining.Result result, LogLinearLearner learner, _) = Train(
            golden.GetProperty("data").GetString()!, golden.GetProperty("kind").GetString()!, 1, penalty, "training.tolerance=1e-13", "training.epochs=3000");

        result.Converged.ShouldBeTrue();
        double[] intercepts = Numbers(golden.GetProperty("intercept"));
        JsonElement[] rows = [.. golden.GetProperty("coefficients").EnumerateArray()];
        learner.Outputs.ShouldBe(rows.Length);
        double centre = rows.Length == 1 ? 0 : intercepts.Average();      // a softmax determines its intercepts up to a constant
        double ours = rows.Length == 1 ? 0 : Enumerable.Range(0, rows.Length).Average(k => result.State.Doubles[k * learner.Width]);
        for (int k = 0; k < rows.Length; k++)
        {
            double[] wanted = [intercepts[k] - centre, .. Numbers(rows[k])];
            for (int i = 0; i < wanted.Length; i++) (result.State.Doubles[(k * learner.Width) + i] - (i == 0 ? ours : 0)).ShouldBe(wanted[i], 1e-4);
        }
        result.Training["log-loss"]!.Value.ShouldBe(golden.GetProperty("log_loss").GetDouble(), 1e-6);
        result.Training["accuracy"]!.Value.ShouldBe(golden.GetProperty("accuracy").GetDouble(), 1e-12);
    }

    [Theory]
    [InlineData("iris", "softmax", "training.regularize={ l2: 0.003 }")]
    [InlineData("breast_cancer", "logistic", "training.regularize={ l1: 0.002 }")]
    public void Any_number_of_workers_gives_the_same_bytes(string data, string kind, string penalty)
    {
        byte[] one = Train(data, kind, 1, penalty).Result.State.Bytes.ToArray();

        foreach (int workers in new[] { 2, 3, 8 }) Train(data, kind, workers, penalty).Result.State.Bytes.ToArray().ShouldBe(one);
    }

    [Fact]
    public void An_l1_penalty_makes_coefficients_exactly_0()
    {
        (TreeTraining.Result result, LogLinearLearner learner, _) = Train("breast_cancer", "logistic", 1, "training.regularize={ l1: 0.05 }", "training.tolerance=1e-12");

        result.Converged.ShouldBeTrue();
        result.State.Doubles[..learner.Width].ToArray().Count(b => b == 0).ShouldBeInRange(15, 29);
    }

    [Fact]
    public void Coefficients_are_told_in_units_of_the_source_and_scores_add_up_to_1()
    {
        (TreeTraining.Result result, LogLinearLearner learner, PreparedData data) = Train("iris", "softmax", 1, "training.regularize={ l2: 0.003 }");
        IReadOnlyList<LearnedNumbers> learned = learner.Learned(result.State, data.Preprocessing);
        (var predictions, var scores) = (new double[150], new double[450]);

        learner.CreateContributor().Predict(result.State, data.Training with { Order = Enumerable.Range(0, 150).ToArray() }, predictions, scores);

        double[][] rows = [.. File.ReadLines(RepositoryFiles.Example("iris.csv")).Skip(1).Select(line => line.Split(',').Take(4).Select(NumberText).ToArray())];
        for (int row = 0; row < 150; row++)
        {
            scores[(3 * row)..(3 * (row + 1))].Sum().ShouldBe(1, 1e-12);
            double[] z = [.. Enumerable.Range(0, 3).Select(k => learned[1].Values[k] + rows[row].Select((x, i) => x * learned[0].Values[(4 * k) + i]).Sum())];
            Array.IndexOf(z, z.Max()).ShouldBe((int)predictions[row]);
            Math.Log(scores[3 * row] / scores[(3 * row) + 1]).ShouldBe(z[0] - z[1], 1e-9);
        }
    }

    private static (TreeTraining.Result Result, LogLinearLearner Learner, PreparedData Data) Train(string data, string kind, int workers, params string[] settings)
    {
        JobSpec spec = DataJobs.Of(
            RepositoryFiles.Example($"{data}.csv"), kind,
            ["data.target=target", data == "digits" ? "data.scale={ minmax: [ 0, 16 ] }" : "data.scale=standard", "training.optimizer=lbfgs", .. settings]);
        PreparedData prepared = PreparedData.Load(spec, NumberKind.Float64);
        var learner = (LogLinearLearner)Learners.Create(spec, prepared.Shape);
        return (TreeTraining.Train(learner, spec, prepared, workers), learner, prepared);
    }

    private static double[] Numbers(JsonElement numbers) => [.. numbers.EnumerateArray().Select(number => number.GetDouble())];

    private static double NumberText(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
