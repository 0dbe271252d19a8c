using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Linear.Ridge;

public sealed class RidgeTests
{
    [Fact]
    public void Coefficients_on_diabetes_are_those_of_scikit_learn()
    {
        foreach (JsonElement golden in JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("ridge_diabetes.json"))).RootElement.GetProperty("results").EnumerateArray())
        {
            string alpha = golden.GetProperty("alpha").GetRawText();

            (TrainedModel model, IReadOnlyList<double> coefficients, double intercept) = Train($"model.alpha={alpha}", "data.scale=none");

            double[] wanted = [.. golden.GetProperty("coefficients").EnumerateArray().Select(number => number.GetDouble())];
            for (int j = 0; j < wanted.Length; j++) coefficients[j].ShouldBe(wanted[j], 1e-9 * Math.Abs(wanted[j]), $"alpha {alpha}, column {j}");
            intercept.ShouldBe(golden.GetProperty("intercept").GetDouble(), 1e-8);
            model.Training["r2"]!.Value.ShouldBe(golden.GetProperty("r2").GetDouble(), 1e-12);
        }
    }

    [Fact]
    public void A_larger_alpha_gives_smaller_coefficients_and_a_larger_error()
    {
        (TrainedModel weak, IReadOnlyList<double> large, _) = Train("model.alpha=0.001");
        (TrainedModel strong, IReadOnlyList<double> small, _) = Train("model.alpha=1000");

        small.Sum(b => b * b).ShouldBeLessThan(large.Sum(b => b * b));
        strong.Training["rmse"]!.Value.ShouldBeGreaterThan(weak.Training["rmse"]!.Value);
    }

    [Theory]
    [InlineData("model.alpha=0", "model.alpha to be a number above 0")]
    [InlineData("training.regularize={ l2: 0.1 }", "model.alpha is its penalty")]
    [InlineData("training.optimizer=adam", "this model has steps of its own")]
    public void What_does_not_fit_is_said(string setting, string words) =>
        Should.Throw<BadInputException>(() => Job(setting)).Message.ShouldContain(words);

    private static JobSpec Job(params string[] settings) =>
        JobFile.Read(RepositoryFiles.Path("deploy", "jobs", "diabetes-ridge.yaml"), ["data.split={ train: 1 }", .. settings]);

    private static (TrainedModel Model, IReadOnlyList<double> Coefficients, double Intercept) Train(params string[] settings)
    {
        JobSpec job = Job(settings);
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        ILearner learner = Learners.Create(job, data.Shape);
        TrainedModel model = SequentialTrainer.Train(job, data, learner);
        IReadOnlyList<LearnedNumbers> learned = ((ILearnedNumbers)learner).Learned(model.State, data.Preprocessing);
        return (model, learned.Single(numbers => numbers.Name == "coefficients").Values, learned.Single(numbers => numbers.Name == "intercept").Values[0]);
    }
}
