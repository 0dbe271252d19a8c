using System.Text.Json;
using Cluster.Ml.Evaluation;

namespace Cluster.Ml.Tests.Evaluation;

public sealed class CalibrationTests
{
    [Theory]
    [MemberData(nameof(GoldenScores.Names), MemberType = typeof(GoldenScores))]
    public void Bins_and_expected_error_are_those_of_scikit_learn(string name)
    {
        JsonElement golden = GoldenScores.Of(name), bins = golden.GetProperty("bins");

        Calibration calibration = Calibration.Of(GoldenScores.Scores(golden), GoldenScores.Positives(golden))!;

        calibration.Bins.Select(bin => (double)bin.Rows).ShouldBe(GoldenScores.Numbers(bins[0]));
        calibration.Bins.Select(bin => bin.MeanScore).ShouldBe(GoldenScores.Numbers(bins[1]), 1e-14);
        calibration.Bins.Select(bin => bin.Share).ShouldBe(GoldenScores.Numbers(bins[2]), 1e-14);
        calibration.ExpectedError.ShouldBe(golden.GetProperty("expected_error").GetDouble(), 1e-14);
    }

    [Fact]
    public void Scores_that_say_what_comes_true_have_no_error()
    {
        Calibration calibration = Calibration.Of([0.75, 0.75, 0.75, 0.75, 1, 0], [true, true, false, true, true, false])!;

        calibration.ExpectedError.ShouldBe(0);
        calibration.Bins.Count.ShouldBe(3);
    }

    [Fact]
    public void A_sum_that_rounding_left_above_1_is_in_the_last_bin_and_what_is_no_probability_is_refused()
    {
        Calibration.Of([1 + 1e-9], [true])!.Bins.Single().Rows.ShouldBe(1);
        Calibration.Of([], []).ShouldBeNull();
        foreach (double score in new[] { double.NaN, -0.5, 1.5 })
            Should.Throw<ArgumentException>(() => Calibration.Of([score], [true])).Message.ShouldContain("wanted scores of 0 to 1");
    }
}
