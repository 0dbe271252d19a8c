using Cluster.Ml.Evaluation;

namespace Cluster.Ml.Tests.Evaluation;

public sealed class RankedScoresTests
{
    [Fact]
    public void Rows_of_equal_scores_are_one_step()
    {
        RankedScores ranked = RankedScores.Of([0.5, 0.9, 0.5, 0.1], [true, false, false, true]);

        ranked.Steps.ShouldBe([new(double.PositiveInfinity, 0, 0), new(0.9, 0, 1), new(0.5, 1, 2), new(0.1, 2, 2)]);
    }

    [Fact]
    public void No_rows_are_no_positives_and_no_negatives()
    {
        RankedScores ranked = RankedScores.Of([], []);

        (ranked.Positives, ranked.Negatives).ShouldBe((0, 0));
    }

    [Fact]
    public void A_score_that_is_not_finite_and_a_class_too_few_are_refused()
    {
        Should.Throw<ArgumentException>(() => RankedScores.Of([double.NaN], [true])).Message.ShouldContain("wanted finite scores, got NaN");
        Should.Throw<ArgumentException>(() => RankedScores.Of([1, 2], [true])).Message.ShouldContain("wanted a class for each of 2 scores, got 1");
    }
}
