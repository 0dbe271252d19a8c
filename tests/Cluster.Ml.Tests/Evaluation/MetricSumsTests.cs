using Cluster.Ml.Evaluation;

namespace Cluster.Ml.Tests.Evaluation;

public class MetricSumsTests
{
    [Fact]
    public void Classification_counts_right_answers_and_confusions()
    {
        ClassificationSums three = new(3);
        var sums = new double[three.Length];
        foreach ((int actual, int predicted, double p) in new[] { (0, 0, 0.5), (0, 1, 0.25), (2, 2, 1.0), (1, 2, 0.125) })
            three.Add(sums, actual, predicted, -Math.Log(p));

        Metrics metrics = three.Measure(sums);

        metrics["accuracy"].ShouldBe(0.5);
        metrics["log-loss"]!.Value.ShouldBe(6 * Math.Log(2) / 4, 1e-15);
        metrics.Confusion.ShouldBe(new long[,] { { 1, 1, 0 }, { 0, 0, 1 }, { 0, 0, 1 } });
    }

    [Fact]
    public void Many_classes_have_an_accuracy_but_no_confusion_matrix()
    {
        ClassificationSums many = new(1000);
        var sums = new double[many.Length];
        many.Add(sums, 999, 999, 0);
        many.Add(sums, 998, 999, 1);

        many.Length.ShouldBe(3);
        many.Measure(sums)["accuracy"].ShouldBe(0.5);
        many.Measure(sums).Confusion.ShouldBeNull();
    }

    [Fact]
    public void Regression_figures_do_not_depend_on_the_centre()
    {
        double[] targets = [1, 2, 4, 9], predictions = [1.5, 2, 3, 8];
        foreach (double centre in new[] { 0.0, 4, -3 })
        {
            var sums = new double[RegressionSums.Length];
            for (int i = 0; i < 4; i++) RegressionSums.Add(sums, targets[i], predictions[i], centre);

            RegressionSums.Measure(sums)["rmse"]!.Value.ShouldBe(0.75, 1e-15);
            RegressionSums.Measure(sums)["r2"]!.Value.ShouldBe(1 - (2.25 / 38), 1e-14);
        }
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(4, 0)]
    public void Constant_targets_have_an_r2_as_in_scikit_learn(double prediction, double r2)
    {
        var sums = new double[RegressionSums.Length];
        RegressionSums.Add(sums, 5, prediction, 5);
        RegressionSums.Add(sums, 5, prediction, 5);

        RegressionSums.Measure(sums)["r2"].ShouldBe(r2);
    }

    [Fact]
    public void Inertia_is_a_sum()
    {
        var sums = new double[ClusteringSums.Length];
        ClusteringSums.Add(sums, 2);
        ClusteringSums.Add(sums, 3.5);

        ClusteringSums.Measure(sums)["inertia"].ShouldBe(5.5);
    }

    [Fact]
    public void No_rows_have_no_figures()
    {
        new ClassificationSums(2).Measure(new double[6]).ShouldBe(Metrics.None);
        RegressionSums.Measure(new double[4]).ShouldBe(Metrics.None);
        ClusteringSums.Measure(new double[2]).ShouldBe(Metrics.None);
    }

    [Fact]
    public void Folds_have_a_mean_and_a_sample_deviation()
    {
        FoldScores scores = FoldScores.Of([.. new[] { 0.9, 0.95, 1.0 }.Select(a => new Metrics([new("accuracy", a), new("log-loss", 1)]))]);

        scores.Mean["accuracy"]!.Value.ShouldBe(0.95, 1e-15);
        scores.Deviation["accuracy"]!.Value.ShouldBe(0.05, 1e-15);
        scores.Deviation["log-loss"].ShouldBe(0);
        FoldScores.Of([new Metrics([new("accuracy", 1)])]).Deviation["accuracy"].ShouldBe(0);
        Should.Throw<ArgumentException>(() => FoldScores.Of([]));
        Should.Throw<ArgumentException>(() => FoldScores.Of([new Metrics([new("accuracy", 1)]), Metrics.None]));
    }
}
