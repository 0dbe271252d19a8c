using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Linear.Lasso;

public sealed class LassoTests
{
    [Fact]
    public void Numbers_are_told_in_units_of_the_source_with_the_gap_that_is_left()
    {
        (ILearner learner, TrainedModel model, PreparedData data) = Train("data.scale=standard", "model.alpha=2");
        Dictionary<string, IReadOnlyList<double>> learned = ((ILearnedNumbers)learner).Learned(model.State, data.Preprocessing).ToDictionary(numbers => numbers.Name, numbers => numbers.Values);
        double[] raw = [.. File.ReadLines(RepositoryFiles.Example("diabetes.csv")).Skip(1).First().Split(',').Take(10).Select(cell => double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture))];
        var predicted = new double[data.Training.Count];
        learner.CreateContributor().Predict(model.State, data.Training, predicted, []);

        (learned["intercept"][0] + learned["coefficients"].Zip(raw, (b, x) => b * x).Sum()).ShouldBe(predicted[Array.IndexOf(data.Training.Order.ToArray(), 0)], 1e-9);
        learned["duality_gap"][0].ShouldBeInRange(-1e-14, 1e-12);
        learner.Summarize(model.State).Notes.ShouldContain($"{learned["coefficients"].Count(b => b != 0)} of 10 coefficients are not 0");
    }

    // Above max |xᵀ(y − ȳ)|/n nothing is worth its penalty.
    [Fact]
    public void From_the_largest_useful_alpha_on_every_coefficient_is_0_and_just_below_it_one_is_not()
    {
        PreparedData data = Train("data.scale=standard").Data;
        double[] targets = [.. Enumerable.Range(0, 442).Select(row => data.Training.Table.Targets[row])];
        double mean = targets.Average();
        double most = Enumerable.Range(0, 10).Max(c => Math.Abs(Enumerable.Range(0, 442).Sum(row => data.Training.Table.DoublesOf(row)[c] * (targets[row] - mean)) / 442));

        CountOf(most * 1.0000001).ShouldBe(0);
        CountOf(most * 0.999).ShouldBe(1);

        static int CountOf(double alpha) => Train("data.scale=standard", FormattableString.Invariant($"model.alpha={alpha}")).Model.State.Doubles[1..11].ToArray().Count(b => b != 0);
    }

    private static (ILearner Learner, TrainedModel Model, PreparedData Data) Train(params string[] settings)
    {
        JobSpec job = DataJobs.Of(RepositoryFiles.Example("diabetes.csv"), "lasso", ["data.target=target", .. settings]);
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        ILearner learner = Learners.Create(job, data.Shape);
        return (learner, SequentialTrainer.Train(job, data, learner), data);
    }
}
