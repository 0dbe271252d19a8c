using Cluster.Ml.Data;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Security.Attacks.Inversion;
using Cluster.Ml.Tests.Security.Attacks.Evasion;

namespace Cluster.Ml.Tests.Security.Attacks.Inversion;

public class ModelInversionTests
{
    // The gradient of −log p by x is a multiple of w: from 0 class 1 is found along w, and class 0 against it, where σ(±f) first reaches 0.99.
    [Fact]
    public void Of_a_line_it_walks_along_the_weights_until_the_class_is_sure()
    {
        const double step = 0.01;
        double[] confidences = new double[2];
        float[] found = ModelInversion.Invert(SomeVictim.Line(), new AttackSettings { StepSize = step }, confidences);

        double wanted = Math.Log(0.99 / 0.01), columns = SomeVictim.Weights.Length;
        for (int k = 0; k < 2; k++)
        {
            ReadOnlySpan<float> row = found.AsSpan(k * (int)columns, (int)columns);
            double length = NormBall.LengthOf(row), along = (SomeVictim.ValueOf(row) - SomeVictim.Bias) / SomeVictim.Length;
            (along / length).ShouldBe(k == 1 ? 1 : -1, 1e-6);
            double distance = (wanted + (k == 1 ? -SomeVictim.Bias : SomeVictim.Bias)) / SomeVictim.Length;
            length.ShouldBeInRange(distance - 1e-4, distance + step + 1e-4);
            confidences[k].ShouldBeGreaterThanOrEqualTo(0.99);
        }
    }

    [Fact]
    public void With_few_steps_it_says_how_sure_the_model_is_of_the_row_that_it_returns()
    {
        double[] confidences = new double[2];
        float[] found = ModelInversion.Invert(SomeVictim.Line(), new AttackSettings { StepSize = 0.01, Steps = 3 }, confidences);

        for (int k = 0; k < 2; k++)
        {
            ReadOnlySpan<float> row = found.AsSpan(k * SomeVictim.Weights.Length, SomeVictim.Weights.Length);
            confidences[k].ShouldBe(1 / (1 + Math.Exp(k == 1 ? -SomeVictim.ValueOf(row) : SomeVictim.ValueOf(row))), 1e-6);
            NormBall.LengthOf(row).ShouldBe(3 * 0.01, 1e-6);
        }
    }

    [Fact]
    public void Most_digits_are_recognised_in_what_a_network_shows()
    {
        AttackReport report = AttackRegistry.Find("invert")!.Run(SomeVictim.TargetOf(SomeVictim.Digits), new AttackSettings());

        report.Figures["reached"]!.GetValue<double>().ShouldBe(1);
        report.Figures["recognised"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(0.7);
        report.Image!.ShouldSatisfyAllConditions(image => image.Width.ShouldBe((10 * 9) - 1), image => image.Height.ShouldBe(8));
    }

    [Fact]
    public void A_model_without_gradients_is_refused() =>
        Should.Throw<BadInputException>(() => AttackRegistry.Find("invert")!.Run(SomeVictim.TargetOf(SomeVictim.Train("{ kind: tree }", "{ }"), 50), new AttackSettings()))
            .Message.ShouldContain("gradients");
}
