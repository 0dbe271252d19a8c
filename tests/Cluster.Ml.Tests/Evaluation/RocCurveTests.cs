using System.Text.Json;
using Cluster.Ml.Evaluation;

namespace Cluster.Ml.Tests.Evaluation;

public sealed class RocCurveTests
{
    [Theory]
    [MemberData(nameof(GoldenScores.Names), MemberType = typeof(GoldenScores))]
    public void Points_and_area_are_those_of_scikit_learn(string name)
    {
        JsonElement golden = GoldenScores.Of(name);

        RocCurve curve = RocCurve.Of(GoldenScores.Ranked(golden))!;

        curve.Points.Select(point => point.X).ShouldBe(GoldenScores.Numbers(golden.GetProperty("roc")[0]), 1e-15);
        curve.Points.Select(point => point.Y).ShouldBe(GoldenScores.Numbers(golden.GetProperty("roc")[1]), 1e-15);
        curve.Area.ShouldBe(golden.GetProperty("area").GetDouble(), 1e-14);
    }

    [Theory]
    [MemberData(nameof(GoldenScores.Names), MemberType = typeof(GoldenScores))]
    public void The_area_is_how_often_a_row_of_the_class_is_above_another(string name)
    {
        JsonElement golden = GoldenScores.Of(name);
        (double[] scores, bool[] positives) = (GoldenScores.Scores(golden), GoldenScores.Positives(golden));
        double above = 0, pairs = 0;
        for (int i = 0; i < scores.Length; i++)
            for (int j = 0; j < scores.Length; j++)
                if (positives[i] && !positives[j])
                {
                    pairs++;
                    above += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }

        RocCurve.Of(GoldenScores.Ranked(golden))!.Area.ShouldBe(above / pairs, 1e-12);
    }

    [Fact]
    public void The_order_of_rows_and_a_rising_scale_change_nothing()
    {
        JsonElement golden = GoldenScores.Of("ties");
        (double[] scores, bool[] positives) = (GoldenScores.Scores(golden), GoldenScores.Positives(golden));
        RocCurve curve = RocCurve.Of(RankedScores.Of(scores, positives))!;

        RocCurve other = RocCurve.Of(RankedScores.Of([.. scores.Reverse().Select(score => Math.Exp(5 * score) - 9)], [.. positives.Reverse()]))!;

        other.Points.ShouldBe(curve.Points);
        other.Area.ShouldBe(curve.Area);
    }

    [Fact]
    public void Without_rows_of_both_kinds_there_is_no_curve()
    {
        RocCurve.Of(RankedScores.Of([], [])).ShouldBeNull();
        RocCurve.Of(RankedScores.Of([0.1, 0.2], [true, true])).ShouldBeNull();
        RocCurve.Of(RankedScores.Of([0.1, 0.2], [false, false])).ShouldBeNull();
    }
}
