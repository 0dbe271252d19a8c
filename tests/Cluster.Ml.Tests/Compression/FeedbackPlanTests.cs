using Cluster.Ml.Compression;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Tests.Compression;

public sealed class FeedbackPlanTests
{
    [Theory]
    [InlineData(4, 10, "B..EB..EO" + "O")]
    [InlineData(4, 9, "B..EB..E" + "O")]
    [InlineData(4, 8, "B..EB.E" + "O")]
    [InlineData(100, 5, "B..E" + "O")]
    [InlineData(1, 3, "OOO")]
    [InlineData(32, 1, "O")]
    [InlineData(32, 2, "OO")]
    public void Windows_cover_an_epoch_and_its_last_step_is_one_of_its_own(int window, int steps, string wanted)
    {
        FeedbackPlan plan = new(window, 1);

        foreach (int epoch in new[] { 0, 3 })
            string.Concat(Enumerable.Range(0, steps).Select(step =>
            {
                StepContext context = new((epoch * steps) + step, epoch, steps);
                return (plan.Begins(context), plan.Ends(context)) switch { (true, true) => "O", (true, false) => "B", (false, true) => "E", _ => "." };
            })).ShouldBe(wanted);
    }

    [Fact]
    public void A_residual_is_there_for_the_step_after_and_for_the_same_step_again()
    {
        Residual residual = new(1);
        residual.Begin(4).Floats[0] = 5;
        residual.Has(5).ShouldBeFalse("it is not yet written");
        residual.End(4);

        foreach (int _ in new[] { 1, 2 })
        {
            residual.Begin(5).Floats[0] = 6;
            residual.Of(5).Floats[0].ShouldBe(5);
            residual.End(5);
            residual.Of(6).Floats[0].ShouldBe(6);
        }
        residual.Begin(6).Floats[0] = 7;
        residual.End(6);

        residual.Of(7).Floats[0].ShouldBe(7);
        residual.Has(5).ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => residual.Of(5)).Message.ShouldContain("step 5");
    }

    [Fact]
    public void A_window_that_begins_again_forgets_what_was_there()
    {
        Residual residual = new(1);
        foreach (long step in new[] { 4, 5, 6 })
        {
            residual.Begin(step);
            residual.End(step);
        }

        residual.Begin(4);
        residual.End(4);

        residual.Has(5).ShouldBeTrue();
        residual.Has(6).ShouldBeFalse();
        residual.Has(7).ShouldBeFalse();
    }
}
