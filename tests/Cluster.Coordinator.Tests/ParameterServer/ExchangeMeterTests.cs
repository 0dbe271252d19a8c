using Cluster.Coordinator.ParameterServer;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class ExchangeMeterTests
{
    private static readonly HostingWorker Fast = new(new WorkerId("fast"), ActorRefs.Nobody, [0]);
    private static readonly HostingWorker Slow = new(new WorkerId("slow"), ActorRefs.Nobody, [1]);

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

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
