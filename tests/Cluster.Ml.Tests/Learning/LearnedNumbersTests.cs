using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Learning;

public sealed class LearnedNumbersTests
{
    [Theory]
    [InlineData("diabetes-linear", "minmax", 1e-7)]
    [InlineData("diabetes-linear", "standard", 1e-7)]
    public void Coefficients_are_those_of_the_source_s_columns_however_they_are_scaled(string job, string scale, double tolerance)
    {
        IReadOnlyList<LearnedNumbers> unscaled = Learn(job, ["data.scale=none"]), scaled = Learn(job, [$"data.scale={scale}"]);

        scaled.Select(numbers => numbers.Name).ShouldBe(["coefficients", "intercept"]);
        foreach ((LearnedNumbers one, LearnedNumbers other) in unscaled.Zip(scaled))
            for (int i = 0; i < one.Values.Count; i++)
                other.Values[i].ShouldBe(one.Values[i], tolerance * (1 + Math.Abs(one.Values[i])), $"{one.Name} {i}");
    }

    [Fact]
    public void Centroids_weighed_by_their_sizes_are_the_means_of_the_columns()
    {
        JobSpec job = Job("iris-kmeans", ["data.scale=standard"]);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));

        IReadOnlyList<LearnedNumbers> learned = Learn("iris-kmeans", ["data.scale=standard"]);

        LearnedNumbers centroids = learned.Single(numbers => numbers.Name == "centroids"), sizes = learned.Single(numbers => numbers.Name == "sizes");
        centroids.Shape.ShouldBe([sizes.Values.Count, data.Shape.Features]);
        for (int column = 0; column < data.Shape.Features; column++)
        {
            double mean = Enumerable.Range(0, sizes.Values.Count).Sum(k => sizes.Values[k] * centroids.Values[(k * data.Shape.Features) + column]) / sizes.Values.Sum();
            mean.ShouldBe(data.Scaler.Offsets[column], 1e-9);
        }
    }

    private static JobSpec Job(string job, string[] settings) => JobFile.Read(RepositoryFiles.Path("deploy", "jobs", $"{job}.yaml"), settings);

    private static IReadOnlyList<LearnedNumbers> Learn(string name, string[] settings)
    {
        JobSpec job = Job(name, settings);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        ILearner learner = Learners.Create(job, data.Shape);
        TrainedModel model = SequentialTrainer.Train(job, data, learner);
        return ((ILearnedNumbers)learner).Learned(model.State, data.Preprocessing);
    }
}
