using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Learning;

namespace Cluster.Ml.Tests.Linear.ElasticNet;

public sealed class ElasticNetTests
{
    public static TheoryData<int> Goldens => new(Enumerable.Range(0, Golden.GetArrayLength()));

    private static JsonElement Golden => JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("lasso_diabetes.json"))).RootElement.GetProperty("results");

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Coefficients_on_diabetes_are_those_of_scikit_learn(int index)
    {
        JsonElement golden = Golden[index];
        double ratio = golden.GetProperty("l1_ratio").GetDouble();
        string scale = golden.GetProperty("scale").GetString()!, alpha = golden.GetProperty("alpha").GetRawText();
        double[] wanted = [golden.GetProperty("intercept").GetDouble(), .. golden.GetProperty("coefficients").EnumerateArray().Select(number => number.GetDouble())];
        string[] settings = [$"data.scale={scale}", $"model.alpha={alpha}"];

        Compare(wanted, golden, Train("elastic-net", [.. settings, FormattableString.Invariant($"model.l1-ratio={ratio}")]));
        if (ratio == 1) Compare(wanted, golden, Train("lasso", settings));
    }

    [Theory]
    [InlineData("elastic-net")]
    [InlineData("lasso")]
    public void Any_number_of_workers_gives_the_same_bytes(string kind)
    {
        string one = TrainedModel.HashOf(Train(kind, ["data.scale=standard"]).State.Bytes);

        foreach (int workers in new[] { 2, 3, 5, 8 }) TrainedModel.HashOf(Train(kind, ["data.scale=standard"], workers).State.Bytes).ShouldBe(one, $"{workers} workers");
    }

    [Fact]
    public void Without_absolute_coefficients_it_is_the_ridge_whose_alpha_counts_every_row()
    {
        double[] net = Train("elastic-net", ["model.alpha=0.5", "model.l1-ratio=0"]).State.Doubles[..11].ToArray();
        double[] ridge = Train("ridge", ["model.alpha=221"]).State.Doubles[..11].ToArray();

        for (int i = 0; i < 11; i++) net[i].ShouldBe(ridge[i], 1e-9 * Math.Abs(ridge[i]));
    }

    [Theory]
    [InlineData("elastic-net", "model.l1-ratio=1.1", "model.l1-ratio to be a number from 0 to 1")]
    [InlineData("elastic-net", "model.alpha=0", "model.alpha to be a number above 0")]
    [InlineData("elastic-net", "training.regularize={ l2: 0.1 }", "model.alpha and model.l1-ratio are its penalty")]
    [InlineData("lasso", "model.l1-ratio=0.5", "only elastic-net has it")]
    [InlineData("lasso", "training.regularize={ l1: 0.1 }", "model.alpha is its penalty")]
    public void What_does_not_fit_is_said(string kind, string setting, string words) =>
        Should.Throw<BadInputException>(() => DataJobs.Of(RepositoryFiles.Example("diabetes.csv"), kind, "data.target=target", setting)).Message.ShouldContain(words);

    private static void Compare(double[] wanted, JsonElement golden, TreeTraining.Result result)
    {
        double[] got = result.State.Doubles[..wanted.Length].ToArray();
        for (int i = 0; i < wanted.Length; i++) got[i].ShouldBe(wanted[i], 1e-6, $"{golden.GetRawText()}: coefficient {i}");
        for (int i = 1; i < wanted.Length; i++) (got[i] == 0).ShouldBe(wanted[i] == 0, $"coefficient {i}");
        result.Training["r2"]!.Value.ShouldBe(golden.GetProperty("r2").GetDouble(), 1e-9);
    }

    private static TreeTraining.Result Train(string kind, string[] settings, int workers = 1)
    {
        JobSpec job = DataJobs.Of(RepositoryFiles.Example("diabetes.csv"), kind, ["data.target=target", .. settings]);
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        return TreeTraining.Train(Learners.CreateAlone(job, data.Shape), job, data, workers);
    }
}
