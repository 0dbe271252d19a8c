using System.Text.Json;
using Cluster.Ml.Evaluation;

namespace Cluster.Ml.Tests.Evaluation;

public sealed class PrecisionRecallCurveTests
{
    [Theory]
    [MemberData(nameof(GoldenScores.Names), MemberType = typeof(GoldenScores))]
    public void Points_and_average_precision_are_those_of_scikit_learn(string name)
    {
        JsonElement golden = GoldenScores.Of(name);

        PrecisionRecallCurve curve = PrecisionRecallCurve.Of(GoldenScores.Ranked(golden))!;

        curve.Points.Skip(1).Select(point => point.X).ShouldBe(GoldenScores.Numbers(golden.GetProperty("recall")), 1e-15);
        curve.Points.Skip(1).Select(point => point.Y).ShouldBe(GoldenScores.Numbers(golden.GetProperty("precision")), 1e-15);
        curve.AveragePrecision.ShouldBe(golden.GetProperty("average_precision").GetDouble(), 1e-14);
    }

    [Fact]
    public void It_begins_at_no_recall_with_the_first_precision()
    {
        PrecisionRecallCurve.Of(RankedScores.Of([0.9, 0.8], [false, true]))!.Points.ShouldBe([new(0, 0), new(0, 0), new(1, 0.5)]);
        PrecisionRecallCurve.Of(RankedScores.Of([0.9, 0.8], [true, false]))!.Points[0].ShouldBe(new CurvePoint(0, 1));
    }

    [Fact]
    public void Without_rows_of_the_class_there_is_no_curve()
    {
        PrecisionRecallCurve.Of(RankedScores.Of([], [])).ShouldBeNull();
        PrecisionRecallCurve.Of(RankedScores.Of([0.3], [false])).ShouldBeNull();
        PrecisionRecallCurve.Of(RankedScores.Of([0.3], [true]))!.AveragePrecision.ShouldBe(1);
    }
}
