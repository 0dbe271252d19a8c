using Cluster.Ml.Data;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Security.Attacks.Inference;

namespace Cluster.Ml.Tests.Security.Attacks.Inference;

public class OnlineLikelihoodRatioTests
{
    // Row 0: in 3 and 5, out 0 and 2; row 1: in 7 and 9, out −1 and 1. So σ_in² = σ_out² = (2 + 2)/2 = 2, and the score of φ is
    // [(φ − μ_out)² − (φ − μ_in)²]/(2·2).
    [Fact]
    public void Its_score_is_the_ratio_of_two_normal_densities()
    {
        double[][] shadows = [[3, 7], [5, 1], [0, 9], [2, -1]];
        bool[][] members = [[true, true], [true, false], [false, true], [false, false]];

        double[] scores = new OnlineLikelihoodRatio().Scores([4, 2], shadows, members);

        scores[0].ShouldBe(((4 - 1) * (4 - 1)) / 4.0, 1e-12);
        scores[1].ShouldBe((4 - 36) / 4.0, 1e-12);
    }

    [Fact]
    public void A_row_that_no_model_was_trained_with_is_measured_against_all()
    {
        double[] scores = new OnlineLikelihoodRatio().Scores([1], [[1], [3]], [[false], [false]]);

        double.IsFinite(scores[0]).ShouldBeTrue();
        ShadowSide.Of([[1], [3]], [[false], [false]], 1, inside: true).ShouldSatisfyAllConditions(side => side.Means.ShouldBe([2.0]), side => side.Deviation.ShouldBe(1));
    }

    [Fact]
    public void One_shadow_model_is_too_few() =>
        Should.Throw<BadInputException>(() => new OnlineLikelihoodRatio().Run(new AttackTarget(), new AttackSettings { Models = 1 })).Message.ShouldContain("at least 2");
}
