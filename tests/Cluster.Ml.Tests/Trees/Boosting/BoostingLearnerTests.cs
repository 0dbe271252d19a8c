using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Learning;
using Cluster.Ml.Trees.Boosting;

namespace Cluster.Ml.Tests.Trees.Boosting;

public sealed class BoostingLearnerTests
{
    [SkippableTheory]
    [InlineData("iris", "")]
    [InlineData("breast_cancer", "")]
    [InlineData("wine", "")]
    [InlineData("diabetes", "model.task=regression")]
    [InlineData("breast_cancer", "model.depth=3 model.rounds=50")]
    [InlineData("diabetes", "model.task=regression model.depth=2 model.rounds=60")]
    public void Held_out_rows_are_predicted_as_well_as_by_scikit_learn_within_a_point(string name, string settings)
    {
        Skip.If(TreeGolden.SourceOf(name) is null, "Its data is not shipped.");
        TreeGolden.HeldOutScore(TreeGolden.SourceOf(name)!, "boosting", $"{settings}")
            .ShouldBeGreaterThan(TreeGolden.ScoreOf(name, "boosting", settings) - 0.01);
    }

    [Theory]
    [InlineData("digits.csv", "model.rounds=2")]
    [InlineData("diabetes.csv", "model.task=regression model.rounds=3")]
    public void Any_number_of_workers_or_micro_batches_gives_the_same_bytes(string file, string settings)
    {
        string one = HashOf(file, settings, 1);

        foreach (int workers in new[] { 2, 3, 8 }) HashOf(file, settings, workers).ShouldBe(one, $"{workers} workers");
        HashOf(file, $"{settings} training.micro-batches=32", 1).ShouldBe(one);
    }

    // One round at rate 1 from the middle of the range is the regression tree of one split: its leaves are the means.
    [Fact]
    public void One_round_at_rate_1_says_the_mean_of_each_leaf()
    {
        using TemporaryFolder folder = new();
        JobSpec job = DataJobs.Of(
            folder.Write("rows.csv", "a,y\n1,2\n2,4\n3,10\n4,20\n"), "boosting", "data.target=y", "model.task=regression", "model.rounds=1", "model.rate=1",
            "model.depth=1", "model.leaf-rows=1");
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        BoostingLearner learner = BoostingLearner.Create(job, data.Shape);
        NumericBuffer state = TreeTraining.Train(learner, job, data).State;
        var predictions = new double[4];

        learner.CreateContributor().Predict(state, data.Training, predictions, []);

        double[] wanted = [16.0 / 3, 16.0 / 3, 16.0 / 3, 20];
        for (int i = 0; i < 4; i++) predictions[i].ShouldBe(wanted[i], 1e-12);
    }

    // Whatever the depth, and however many steps a round takes.
    [Theory]
    [InlineData("digits.csv", "model.rounds=3 model.depth=4 model.leaf-rows=5", 3)]
    [InlineData("diabetes.csv", "model.task=regression model.rounds=40 model.depth=12 model.leaf-rows=1", 40)]
    public void An_epoch_is_a_round_and_a_job_has_as_many_by_default(string file, string settings, int rounds)
    {
        JobSpec job = DataJobs.Of(RepositoryFiles.Example(file), "boosting", TreeGolden.Settings(settings));
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        BoostingLearner learner = BoostingLearner.Create(job, data.Shape);

        TrainedModel model = SequentialTrainer.Train(job, data, learner);

        (job.Training.Epochs, model.Epochs).ShouldBe((rounds, rounds));
        model.Steps.ShouldBeGreaterThan(2 * rounds);
        learner.Learned(model.State, data.Preprocessing).Single(numbers => numbers.Name == "rounds").Values[0].ShouldBe(rounds);
    }

    [Fact]
    public void Early_stopping_counts_rounds_and_keeps_the_best()
    {
        JobSpec job = DataJobs.Of(
            RepositoryFiles.Example("diabetes.csv"), "boosting",
            TreeGolden.Settings("model.task=regression model.rate=0.5 model.depth=6"));
        job = JobFile.Parse(job.Text, "job.yaml", "/", ["data.split={ train: 0.7, validation: 0.3 }", "training.early-stopping={ patience: 4 }"]);
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        BoostingLearner learner = BoostingLearner.Create(job, data.Shape);

        TrainedModel model = SequentialTrainer.Train(job, data, learner);

        model.Status.ShouldBe(CourseStatus.StoppedEarly);
        learner.Learned(model.State, data.Preprocessing).Single(numbers => numbers.Name == "rounds").Values[0].ShouldBe(model.Epochs - 4);
    }

    private static string HashOf(string file, string settings, int workers)
    {
        JobSpec job = DataJobs.Of(RepositoryFiles.Example(file), "boosting", TreeGolden.Settings(settings));
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        return TrainedModel.HashOf(TreeTraining.Train(BoostingLearner.Create(job, data.Shape), job, data, workers).State.Bytes);
    }
}
