using Cluster.Messages;

namespace Cluster.Simulation.Tests.Embedded;

/// <summary>A person at the command line, who submits the job until it is accepted and asks until it has ended.</summary>
internal sealed class ClientActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    public ClientActor(SubmitJob submit, IActorRef manager, Action<JobFinished> finished)
    {
        bool accepted = false;
        Receive<Tick>(_ => manager.Tell(accepted ? new DescribeJob(submit.Job) : submit));
        Receive<JobAccepted>(_ => accepted = true);
        Receive<JobRefused>(refused => accepted = false);
        Receive<JobDescribed>(described =>
        {
            if (described.Finished is { } result) finished(result);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("tick", new Tick(), TimeSpan.Zero, Patience);

    private sealed record Tick;
}
