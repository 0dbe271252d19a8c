using Cluster.Ml.Security.Attacks.Inference;

namespace Cluster.Ml.Tests.Security.Attacks.Inference;

/// <summary>Figures of scores, by hand.</summary>
public sealed class MembershipScoresTests
{
    [Fact]
    public void Figures_are_those_by_hand()
    {
        // Members 5, 4 and 1 against 3 and 2: of 6 pairs 4 are in order.
        MembershipScores scores = new([5, 4, 1, 3, 2], [true, true, true, false, false]);

        scores.Auc.ShouldBe(4 / 6.0, 1e-12);
        scores.Advantage.ShouldBe(2 / 3.0, 1e-12);
        (scores.TruePositivesAt(0), scores.TruePositivesAt(0.5), scores.TruePositivesAt(1)).ShouldBe((2 / 3.0, 2 / 3.0, 1));
    }

    [Fact]
    public void Equal_scores_are_worth_a_coin()
    {
        MembershipScores scores = new([1, 1, 1, 1], [true, false, true, false]);

        (scores.Auc, scores.Advantage, scores.TruePositivesAt(0.01)).ShouldBe((0.5, 0, 0));
    }
}
