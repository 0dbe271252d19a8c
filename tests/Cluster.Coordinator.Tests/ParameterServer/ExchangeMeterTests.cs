using Cluster.Coordinator.ParameterServer;
using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Compression;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class ExchangeMeterTests
{
    private static readonly ShardHost Fast = new(new WorkerId("fast"), "node", [0]);
    private static readonly ShardHost Slow = new(new WorkerId("slow"), "node", [1]);

    [Fact]
    public void A_worker_is_idle_while_it_owes_nothing()
    {
        ExchangeMeter meter = new();
        meter.IdleShare.ShouldBe(double.NaN);

        meter.OnOpened([Fast, Slow], Seconds(0));
        meter.OnDone(Fast.Id, Seconds(1));
        meter.OnClosed(2, Seconds(5));

        meter.IdleShare.ShouldBe(1 - (6.0 / 10), 1e-12);
    }

    [Fact]
    public void A_worker_that_helps_owes_again()
    {
        ExchangeMeter meter = new();
        meter.OnOpened([Fast, Slow], Seconds(0));
        meter.OnDone(Fast.Id, Seconds(1));

        meter.OnAsked(Fast.Id, Seconds(2));
        meter.OnOpened([Fast, Slow], Seconds(4));

        meter.IdleShare.ShouldBe(1 - (7.0 / 8), 1e-12);
        meter.OnClosed(2, Seconds(5));
        meter.IdleShare.ShouldBe(1 - (9.0 / 10), 1e-12);
    }

    [Fact]
    public void How_many_times_smaller_sums_were_is_measured_where_they_are_compressed()
    {
        ExchangeMeter meter = new();
        meter.OnSum(100);
        meter.OnSum(300);

        Figure(meter, Some.Plan() with { UncompressedLength = 1000 }, "compression_ratio").ShouldBe(2 * 4000.0 / 400);
        meter.FiguresOf(Some.Plan()).ShouldNotContain(figure => figure.Name == "compression_ratio");
    }

    [Fact]
    public void What_was_repeated_is_told_where_residuals_are_carried()
    {
        ExchangeMeter meter = new() { WindowsRepeated = 2, StepsRepeated = 31 };

        Figure(meter, Some.Plan() with { Feedback = new FeedbackPlan(32, 1) }, "windows_repeated").ShouldBe(2);
        Figure(meter, Some.Plan() with { Feedback = new FeedbackPlan(32, 1) }, "steps_repeated").ShouldBe(31);
    }

    private static double Figure(ExchangeMeter meter, TrainingPlan plan, string name) => meter.FiguresOf(plan).Single(figure => figure.Name == name).Value;

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
