using Cluster.Messages;

namespace Cluster.Simulation.Tests.Training;

/// <summary>A person at the command line, who submits the job until it is accepted and asks until it has ended.</summary>
internal sealed class ClientActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200);

    public ClientActor(SubmitJob submit, IActorRef manager, Action<JobFinished> finished)
    {
        bool isAccepted = false;
        Receive<Tick>(_ => manager.Tell(isAccepted ? new DescribeJob(submit.Job) : submit));
        Receive<JobAccepted>(_ => isAccepted = true);
        Receive<JobRefused>(_ => isAccepted = false);
        Receive<JobDescribed>(described =>
        {
            if (described.Finished is { } result) finished(result);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), new Tick(), TimeSpan.Zero, s_patience);

    private sealed record Tick;
}
