using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Learning;

namespace Cluster.Ml.Tests.Linear;

public class LogisticNewtonLearnerTests
{
    private static readonly string[] s_settings = ["data.scale=standard", "training.optimizer=newton"];

    private static (TreeTraining.Result Result, PreparedData Data, LogisticNewtonLearner Learner) Train(string source, int workers, params string[] settings)
    {
        JobSpec spec = DataJobs.Of(source, "logistic", [.. s_settings, .. settings]);
        PreparedData data = PreparedData.Load(spec, NumberKind.Float64);
        LogisticNewtonLearner learner = LogisticNewtonLearner.Create(spec, data.Shape);
        return (TreeTraining.Train(learner, spec, data, workers), data, learner);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Breast_cancer_gives_scikit_learns_coefficients(int index)
    {
        JsonElement golden = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("logistic_breast_cancer.json"))).RootElement.GetProperty("results")[index];
        string l2 = golden.GetProperty("l2").GetRawText();

        TreeTraining.Result result = Train(RepositoryFiles.Example("breast_cancer.csv"), 1, $"training.regularize={{ l2: {l2} }}").Result;

        result.Converged.ShouldBeTrue();
        double[] state = result.State.Doubles.ToArray();
        double[] coefficients = [golden.GetProperty("intercept").GetDouble(), .. golden.GetProperty("coefficients").EnumerateArray().Select(e => e.GetDouble())];
        for (int i = 0; i < coefficients.Length; i++) state[i].ShouldBe(coefficients[i], 1e-6);
        result.Training["accuracy"]!.Value.ShouldBe(golden.GetProperty("accuracy").GetDouble(), 1e-12);
        result.Training["log-loss"]!.Value.ShouldBe(golden.GetProperty("log_loss").GetDouble(), 1e-8);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Any_number_of_workers_gives_the_same_bytes(int workers)
    {
        string[] settings = ["training.regularize={ l2: 0.001 }"];
        byte[] one = Train(RepositoryFiles.Example("breast_cancer.csv"), 1, settings).Result.State.Bytes.ToArray();

        Train(RepositoryFiles.Example("breast_cancer.csv"), workers, settings).Result.State.Bytes.ToArray().ShouldBe(one);
    }

    [Fact]
    public void Classes_that_a_plane_parts_end_the_training_once_nothing_is_left_to_gain()
    {
        using TemporaryFolder folder = new();
        string table = "a,b,target\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{i % 3},{(i >= 10 ? 1 : 0)}\n"));

        TreeTraining.Result result = Train(folder.Write("parted.csv", table), 1, "training.epochs=300").Result;

        result.Converged.ShouldBeTrue();
        result.Steps.ShouldBeLessThan(80);
        result.Training["accuracy"].ShouldBe(1);
        result.Training["log-loss"]!.Value.ShouldBeLessThan(1e-15);
    }

    [Fact]
    public void A_far_start_converges_where_plain_newton_steps_diverge()
    {
        using TemporaryFolder folder = new();
        // One outlier far on the wrong side makes the first full Newton steps overshoot.
        string table = "a,target\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{(i - 20) / 4.0},{(i >= 20 ? 1 : 0)}\n")) + "-60,1\n60,0\n";

        TreeTraining.Result result = Train(folder.Write("rows.csv", table), 1, "data.scale=none", "training.regularize={ l2: 1e-6 }").Result;

        result.Converged.ShouldBeTrue();
        result.Steps.ShouldBeLessThan(60);
        result.Loss.ShouldBeLessThan(Math.Log(2) + 1e-9);
    }

    [Fact]
    public void A_constant_column_gets_no_weight()
    {
        using TemporaryFolder folder = new();
        string table = "a,flat,target\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 10},1,{(i % 10 > i / 8 ? 1 : 0)}\n"));

        (TreeTraining.Result result, _, _) = Train(folder.Write("rows.csv", table), 1);

        result.Converged.ShouldBeTrue();
        result.State.Doubles[2].ShouldBe(0);
        result.State.Doubles[1].ShouldNotBe(0);
    }

    [Fact]
    public void Predictions_are_the_more_likely_class_and_scores_add_up_to_one()
    {
        (TreeTraining.Result result, PreparedData data, LogisticNewtonLearner learner) = Train(RepositoryFiles.Example("breast_cancer.csv"), 1, "training.regularize={ l2: 0.001 }");
        (var predictions, var scores) = (new double[569], new double[2 * 569]);
        learner.CreateContributor().Predict(result.State, data.Training, predictions, scores);

        for (int row = 0; row < 569; row++)
        {
            (scores[2 * row] + scores[(2 * row) + 1]).ShouldBe(1, 1e-15);
            predictions[row].ShouldBe(scores[(2 * row) + 1] > 0.5 ? 1 : 0);
        }
        (predictions.Zip(data.Training.Table.Targets).Count(p => p.First == p.Second) / 569.0).ShouldBe(result.Training["accuracy"]!.Value);
    }

    [Fact]
    public void An_l1_penalty_is_refused() =>
        Should.Throw<BadInputException>(() => Train(RepositoryFiles.Example("breast_cancer.csv"), 1, "training.regularize={ l1: 0.1 }")).Message.ShouldContain("l1");
}
