using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Tests.Nn;

/// <summary>What a loss must not depend on, and what its outputs at their limits cost.</summary>
public class LossSymmetryTests
{
    private static readonly float[] s_outputs = [0, 0.25f, -1.5f, 3, -8, 40, -90, 1e30f, -1e30f];

    /// <summary>Losses of one output and two classes.</summary>
    public static TheoryData<string> Binary => ["sigmoid", "perceptron", "discernment", "domain"];

    [Theory]
    [MemberData(nameof(Binary))]
    public void Exchanging_the_classes_and_the_sign_of_the_output_costs_the_same_and_turns_the_slope(string kind)
    {
        foreach (float z in s_outputs)
            for (int side = 0; side < 2; side++)
            {
                (double loss, float slope) = Of(kind, z, side);
                (double mirrored, float turned) = Of(kind, -z, 1 - side);
                mirrored.ShouldBe(loss, 1e-12 * Math.Max(1, loss), $"{z}, class {side}");
                ((double)turned).ShouldBe(-slope, 1e-7, $"{z}, class {side}");
            }
    }

    [Theory]
    [MemberData(nameof(Binary))]
    public void An_output_that_is_certain_costs_nothing_if_right_and_itself_if_wrong(string kind)
    {
        foreach (float z in new[] { 800f, 1e30f, float.MaxValue })
        {
            Of(kind, z, 1).ShouldBe((0, 0));
            Of(kind, z, 0).ShouldBe((z, 1));
            Of(kind, -z, 0).ShouldBe((0, 0));
            Of(kind, -z, 1).ShouldBe((z, -1));
        }
        double.IsFinite(Of(kind, float.PositiveInfinity, 0).Loss).ShouldBeFalse();
    }

    [Fact]
    public void A_perceptrons_loss_grows_with_the_output_and_its_pull_does_not()
    {
        foreach (float z in s_outputs)
            foreach (float scale in new[] { 0.25f, 2, 1024 })
            {
                (double loss, float slope) = Of("perceptron", z, 0);
                Of("perceptron", scale * z, 0).ShouldBe((scale * loss, slope));
            }
    }

    [Fact]
    public void A_squared_error_moves_with_neither_zero_nor_sign_and_grows_with_the_square_of_the_unit()
    {
        SquaredError loss = new();
        float[] slope = new float[1], moved = new float[1];
        foreach ((float y, float t) in new[] { (2.5f, -1.25f), (0f, 4f), (-3f, -3f) })
        {
            double cost = loss.Row([y], t, slope);
            loss.Row([y + 64], t + 64, moved).ShouldBe(cost);
            moved.ShouldBe(slope);
            loss.Row([-y], -t, moved).ShouldBe(cost);
            moved[0].ShouldBe(-slope[0]);
            loss.Row([8 * y], 8 * t, moved).ShouldBe(64 * cost);
            moved[0].ShouldBe(8 * slope[0]);
        }
        double.IsPositiveInfinity(loss.Row([float.PositiveInfinity], 1, [])).ShouldBeTrue();
        loss.Row([float.MaxValue], 0, []).ShouldBe((double)float.MaxValue * float.MaxValue);
    }

    [Fact]
    public void A_divergence_adds_up_over_parts_in_any_order_and_knows_no_side_of_zero()
    {
        GaussianDivergence loss = new();
        float[] means = [0.5f, -1, 2], logVariances = [-0.25f, 0.75f, -3], slope = new float[6], turned = new float[6];
        double cost = loss.Row([.. means, .. logVariances], 0, slope);

        loss.Row([2, 0.5f, -1, -3, -0.25f, 0.75f], 0, turned).ShouldBe(cost, 1e-12);
        turned.ShouldBe([slope[2], slope[0], slope[1], slope[5], slope[3], slope[4]]);
        loss.Row([.. means.Select(mean => -mean), .. logVariances], 0, turned).ShouldBe(cost);
        turned.ShouldBe([.. slope[..3].Select(g => -g), .. slope[3..]]);
        Enumerable.Range(0, 3).Sum(j => loss.Row([means[j], logVariances[j]], 0, [])).ShouldBe(cost, 1e-12);
    }

    [Fact]
    public void A_divergence_is_finite_as_far_as_its_variance_is()
    {
        GaussianDivergence loss = new();
        float[] slope = new float[2];
        loss.Row([0, -1e30f], 0, slope).ShouldBe(0.5e30, 1e24);
        slope.ShouldBe([0, -0.5f]);
        double.IsFinite(loss.Row([1e19f, 80], 0, slope)).ShouldBeTrue();
        slope.ShouldAllBe(g => float.IsFinite(g));
        double.IsPositiveInfinity(loss.Row([0, 200], 0, slope)).ShouldBeTrue("a variance of e^200 is not replaced by another");
        double.IsNaN(loss.Row([float.NaN, 0], 0, slope)).ShouldBeTrue();
    }

    [Fact]
    public void Answers_that_are_exchanged_with_what_is_wanted_of_them_cost_the_same()
    {
        float[] slope = new float[3], exchanged = new float[3];
        double cost = new DiscriminatorLoss(1, 0, 0).Row([0.5f, -2, 7], 0, slope);
        new DiscriminatorLoss(0, 0, 1).Row([7, -2, 0.5f], 0, exchanged).ShouldBe(cost, 1e-12);
        exchanged.ShouldBe([slope[2], slope[1], slope[0]]);
        cost.ShouldBe(new DiscriminatorLoss(1).Row([0.5f], 0, []) + new DiscriminatorLoss(0).Row([-2], 0, []) + new DiscriminatorLoss(0).Row([7], 0, []), 1e-12);
    }

    [Fact]
    public void The_weight_of_the_other_domain_scales_its_rows_and_no_others()
    {
        float[] one = new float[1], three = new float[1];
        double cost = new DomainLoss(1).Row([0.75f], double.NaN, one);
        new DomainLoss(4).Row([0.75f], double.NaN, three).ShouldBe(4 * cost);
        three[0].ShouldBe(4 * one[0]);
        new DomainLoss(4).Row([0.75f], 2, three).ShouldBe(new DomainLoss(1).Row([0.75f], 2, one));
        three.ShouldBe(one);
        new DomainLoss(4).Row([0.75f], -17, one).ShouldBe(new DomainLoss(4).Row([0.75f], 2, three), "which target it is does not matter");
    }

    private static (double Loss, float Slope) Of(string kind, float z, int side)
    {
        Loss loss = kind switch
        {
            "sigmoid" => new SigmoidCrossEntropy(),
            "perceptron" => new PerceptronCriterion(),
            "discernment" => new DiscriminatorLoss(side),
            _ => new DomainLoss(1),
        };
        float[] slope = [float.NaN];
        return (loss.Row([z], kind == "domain" && side == 1 ? double.NaN : side, slope), slope[0]);
    }
}
