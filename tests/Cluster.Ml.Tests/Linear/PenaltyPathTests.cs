using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Linear;

/// <summary>Paths of scikit-learn (tests/golden/lasso_path_diabetes.py).</summary>
public sealed class PenaltyPathTests
{
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Penalties_and_coefficients_are_those_of_scikit_learn(int place)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("lasso_path_diabetes.json")));
        JsonElement wanted = golden.RootElement.GetProperty("results")[place];
        JsonElement[] alphas = [.. wanted.GetProperty("alphas").EnumerateArray()], coefficients = [.. wanted.GetProperty("coefficients").EnumerateArray()];

        IReadOnlyList<PathModel> path = PenaltyPath.Of(Job(wanted.GetProperty("l1_ratio").GetDouble(), out PreparedData data), data, alphas.Length, 1e-3);

        path.Count.ShouldBe(12);
        for (int k = 0; k < path.Count; k++)
        {
            path[k].Alpha.ShouldBe(alphas[k].GetDouble(), 1e-9 * alphas[k].GetDouble());
            double[] expected = [.. coefficients[k].EnumerateArray().Select(value => value.GetDouble())];
            for (int j = 0; j < expected.Length; j++) path[k].Coefficients[j].ShouldBe(expected[j], Tolerance, $"alpha {k}, column {j}");
        }
    }

    [Fact]
    public void The_first_model_has_no_column_and_each_is_that_of_training_with_its_penalty()
    {
        JobSpec job = Job(1, out PreparedData data);

        IReadOnlyList<PathModel> path = PenaltyPath.Of(job, data, 5, 1e-3);

        path[0].Chosen.ShouldBeLessThanOrEqualTo(1);        // but for rounding at the very edge
        path[0].Coefficients.ShouldAllBe(value => Math.Abs(value) < 1e-9);
        foreach (PathModel model in path)
        {
            TrainedModel trained = SequentialTrainer.Train(Job(1, out _, FormattableString.Invariant($"model.alpha={model.Alpha:R}")), data);
            for (int j = 0; j < 10; j++) model.Coefficients[j].ShouldBe(trained.State.Doubles[j + 1], Tolerance);
            model.Training["r2"]!.Value.ShouldBe(trained.Training["r2"]!.Value, 1e-9);
        }
    }

    [Fact]
    public void The_same_job_has_the_same_path_bit_for_bit()
    {
        JobSpec job = Job(0.5, out PreparedData data);

        PenaltyPath.Of(job, data, 6, 0.01).Select(model => string.Join(' ', model.Coefficients)).ShouldBe(PenaltyPath.Of(job, data, 6, 0.01).Select(model => string.Join(' ', model.Coefficients)));
    }

    [Theory]
    [InlineData("ridge", "")]
    [InlineData("elastic-net", "model.l1-ratio=0")]
    public void A_model_without_absolute_coefficients_in_its_penalty_has_no_path(string kind, string setting)
    {
        JobSpec job = DataJobs.Of(RepositoryFiles.Example("diabetes.csv"), kind, ["data.target=target", .. setting.Length > 0 ? new[] { setting } : []]);

        Should.Throw<BadInputException>(() => PenaltyPath.Of(job, PreparedData.Load(job, NumberKind.Float64), 5, 0.1)).Wanted.ShouldStartWith("a job of kind lasso");
    }

    private static JobSpec Job(double ratio, out PreparedData data, params string[] settings)
    {
        string[] all = ["data.target=target", "data.scale=standard", .. ratio < 1 ? new[] { FormattableString.Invariant($"model.l1-ratio={ratio}") } : [], .. settings];
        JobSpec job = DataJobs.Of(RepositoryFiles.Example("diabetes.csv"), ratio < 1 ? "elastic-net" : "lasso", all);
        data = PreparedData.Load(job, NumberKind.Float64);
        return job;
    }
}
