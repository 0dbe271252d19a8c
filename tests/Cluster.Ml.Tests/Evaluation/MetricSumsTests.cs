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
            for (int i = 0; i < 4; i++) RegressionSums.Add(sums, targets[i], Math.Pow(targets[i] - predictions[i], 2), centre);

            RegressionSums.Measure(sums)["rmse"]!.Value.ShouldBe(0.75, 1e-15);
            RegressionSums.Measure(sums)["r2"]!.Value.ShouldBe(1 - (2.25 / 38), 1e-14);
        }
    }

    [Theory]
    [InlineData(1, 5.0, 5.0, 0)]
    [InlineData(1, 5.0, 3.0, 1)]
    [InlineData(20, 0.1, 0.1, 0)]
    [InlineData(3_000, 0.1, 1e6, 0.25)]
    public void Equal_targets_have_no_r2_wherever_the_centre_is(int rows, double target, double centre, double squaredError)
    {
        var sums = new double[RegressionSums.Length];
        for (int row = 0; row < rows; row++) RegressionSums.Add(sums, target, squaredError, centre);

        Metrics metrics = RegressionSums.Measure(sums);

        metrics["r2"].ShouldBe(double.NaN);
        metrics["rmse"]!.Value.ShouldBe(Math.Sqrt(squaredError), 1e-12);
        metrics.AreFinite.ShouldBeTrue("undefined is no overflow");
    }

    [Fact]
    public void Figures_that_overflowed_are_not_finite()
    {
        new Metrics([new("r2", double.NegativeInfinity), new("rmse", 1)]).AreFinite.ShouldBeFalse();
        new Metrics([new("r2", double.NaN), new("rmse", double.NaN)]).AreFinite.ShouldBeFalse();
        new Metrics([new("accuracy", 1), new("log-loss", double.PositiveInfinity)]).AreFinite.ShouldBeFalse();
    }

    [Fact]
    public void A_mean_over_folds_leaves_out_and_counts_those_that_have_no_such_figure()
    {
        FoldScores scores = FoldScores.Of([.. new[] { 0.5, double.NaN, 0.7, double.NaN }.Select(r2 => new Metrics([new("r2", r2), new("rmse", 1)]))]);

        scores.Mean["r2"]!.Value.ShouldBe(0.6, 1e-15);
        scores.Deviation["r2"]!.Value.ShouldBe(Math.Sqrt(0.02), 1e-15);
        scores.Undefined.ShouldBe([new("r2", 2)]);
        FoldScores.Of([new Metrics([new("r2", double.NaN)])]).Mean["r2"].ShouldBe(double.NaN);
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
