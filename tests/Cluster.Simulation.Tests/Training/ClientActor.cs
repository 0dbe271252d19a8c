using Cluster.Messages;

namespace Cluster.Simulation.Tests.Training;

/// <summary>
/// A person at the command line, who waits for the cluster, though not for ever, submits the job until it is accepted, and asks until it has
/// ended.
/// </summary>
internal sealed class ClientActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200), s_longestWait = TimeSpan.FromSeconds(15);

    private readonly TimeSpan _begun = Context.System.Scheduler.MonotonicClock;
    private readonly ActorCluster _cluster = ActorCluster.Get(Context.System);
    private readonly IActorRef _manager;
    private readonly SubmitJob _submit;
    private readonly int _members;
    private bool _isAccepted;

    /// <param name="submit">The job.</param>
    /// <param name="manager">Takes jobs.</param>
    /// <param name="members">How many make up the cluster.</param>
    /// <param name="finished">Told how the job ended.</param>
    public ClientActor(SubmitJob submit, IActorRef manager, int members, Action<JobFinished> finished)
    {
        (_submit, _manager, _members) = (submit, manager, members);
        Receive<Tick>(_ => Ask());
        Receive<JobAccepted>(_ => _isAccepted = true);
        Receive<JobRefused>(_ => _isAccepted = false);
        Receive<JobDescribed>(described =>
        {
            if (described.Finished is { } result) finished(result);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), new Tick(), TimeSpan.Zero, s_patience);

    private void Ask()
    {
        if (_isAccepted) _manager.Tell(new DescribeJob(_submit.Job));
        else if (_cluster.State.Members.Count(member => member.Status == MemberStatus.Up) == _members
            || Context.System.Scheduler.MonotonicClock - _begun > s_longestWait)
            _manager.Tell(_submit);
    }

    private sealed record Tick;
}
