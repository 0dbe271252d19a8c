using Cluster.Ml.Security.Attacks;

namespace Cluster.Ml.Tests.Security.Attacks;

public class LogitGradientsTests
{
    private static readonly float[] s_logits = [0.3f, 2.5f, -1.2f, 1.9f, 0.8f];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_gradient_of_the_ratio_is_its_slope(int label)
    {
        float[] gradient = new float[5], ignored = new float[5];
        LogitGradients.LogitRatio(s_logits, label, gradient);

        const float step = 1f / 256;
        double apart = 2.5 - 0.8;
        for (int k = 0; k < 5; k++)
        {
            float[] more = (float[])s_logits.Clone(), less = (float[])s_logits.Clone();
            (more[k], less[k]) = (more[k] + step, less[k] - step);
            double slope = (LogitGradients.LogitRatio(more, label, ignored) - LogitGradients.LogitRatio(less, label, ignored)) / (2 * step);
            ((double)gradient[k]).ShouldBe(apart * slope, 1e-4);
        }
    }

    [Fact]
    public void The_ratio_does_not_change_with_the_scale_of_the_logits()
    {
        float[] gradient = new float[5];
        double ratio = LogitGradients.LogitRatio(s_logits, 1, gradient);

        ratio.ShouldBe((1.9 - 2.5) / (2.5 - 0.8), 1e-6);
        foreach (float scale in new[] { 1e-3f, 100f, 1e6f })
            LogitGradients.LogitRatio([.. s_logits.Select(z => scale * z)], 1, gradient).ShouldBe(ratio, 1e-5);
    }

    [Fact]
    public void Of_two_classes_the_ratio_is_the_margin()
    {
        float[] gradient = new float[2];
        LogitGradients.LogitRatio([1.5f, -0.5f], 0, gradient).ShouldBe(-2);
        gradient.ShouldBe([-1f, 1f]);
    }

    [Fact]
    public void Logits_that_are_all_alike_have_a_ratio_of_zero()
    {
        float[] gradient = new float[3];
        LogitGradients.LogitRatio([2f, 2f, 2f], 1, gradient).ShouldBe(0);
        gradient.ShouldAllBe(g => float.IsFinite(g));
    }
}
