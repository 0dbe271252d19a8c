namespace Cluster.Actors.Tests;

public sealed class TimerTests : ActorTestKit
{
    public TimerTests()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
    }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void A_single_timer_goes_off_once_when_its_time_has_come()
    {
        IActorRef actor = Start();
        Do(actor, timers => timers.StartSingleTimer("k", "ding", TimeSpan.FromSeconds(10)));
        Scheduler.Advance(TimeSpan.FromSeconds(9.9));
        Marker(actor);
        Scheduler.Advance(TimeSpan.FromSeconds(0.2));
        ExpectMsg("ding");
        Scheduler.Advance(TimeSpan.FromSeconds(60));
        Marker(actor);
    }

    [Fact]
    public void A_periodic_timer_goes_off_each_interval()
    {
        IActorRef actor = Start();
        Do(actor, timers => timers.StartPeriodicTimer("k", "tick", TimeSpan.FromSeconds(1)));
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("tick");
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("tick");
        Marker(actor);
    }

    [Fact]
    public void A_timer_of_the_same_key_replaces_the_former_even_when_that_has_gone_off_into_the_mailbox()
    {
        IActorRef actor = Start();
        Do(actor, timers =>
        {
            timers.StartSingleTimer("k", "old", TimeSpan.FromSeconds(1));
            Scheduler.Advance(TimeSpan.FromSeconds(2));
            timers.StartSingleTimer("k", "new", TimeSpan.FromSeconds(1));
        });
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("new");
        Marker(actor);
    }

    [Fact]
    public void A_cancelled_timer_never_delivers_even_when_it_has_gone_off_into_the_mailbox()
    {
        IActorRef actor = Start();
        Do(actor, timers =>
        {
            timers.StartSingleTimer("k", "never", TimeSpan.FromSeconds(1));
            timers.IsTimerActive("k").ShouldBeTrue();
            Scheduler.Advance(TimeSpan.FromSeconds(2));
            timers.Cancel("k");
            timers.IsTimerActive("k").ShouldBeFalse();
        });
        Marker(actor);
    }

    [Fact]
    public void A_restart_cancels_all_timers()
    {
        IActorRef actor = Start();
        Do(actor, timers => timers.StartPeriodicTimer("k", "tick", TimeSpan.FromSeconds(1)));
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("tick");
        Do(actor, _ => throw new InvalidOperationException("boom"));
        Marker(actor);
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        Marker(actor);
    }

    [Fact]
    public void The_receive_timeout_comes_after_silence_and_again_until_switched_off()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Patient(TestActor)));
        Settle(actor);
        Scheduler.Advance(TimeSpan.FromSeconds(4));
        Settle(actor);
        Scheduler.Advance(TimeSpan.FromSeconds(4));
        Settle(actor);
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        ExpectMsg("timeout");
        Marker(actor);
        actor.Tell("off");
        Settle(actor);
        Scheduler.Advance(TimeSpan.FromSeconds(50));
        Marker(actor);
    }

    [Fact]
    public void A_message_that_says_so_does_not_put_off_the_receive_timeout()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Patient(TestActor)));
        Settle(actor);
        Scheduler.Advance(TimeSpan.FromSeconds(3));
        Unobtrusively(actor);
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        ExpectMsg("timeout");
    }

    [Fact]
    public void The_scheduler_tells_once_or_repeatedly_until_cancelled()
    {
        Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(1), TestActor, "once", ActorRefs.NoSender);
        ICancelable repeated = Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), TestActor, "again", ActorRefs.NoSender);
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("once");
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("again");
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        ExpectMsg("again");
        repeated.Cancel();
        Scheduler.Advance(TimeSpan.FromSeconds(20));
        TestActor.Tell("end");
        ExpectMsg("end");
    }

    private IActorRef Start()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Timed(TestActor)));
        Marker(actor);
        return actor;
    }

    private void Do(IActorRef actor, Action<ITimerScheduler> action)
    {
        actor.Tell(action);
        // The restart's own answer is the next marker's.
        ExpectMsg("done");
    }

    /// <summary>Everything that was sent before has been handled, and none of it has been reported.</summary>
    private void Marker(IActorRef actor)
    {
        actor.Tell("marker");
        ExpectMsg("marker");
    }

    /// <summary>A marker, after which the receive timeout certainly runs anew: it is armed only after the handler.</summary>
    private void Settle(IActorRef actor)
    {
        Marker(actor);
        Unobtrusively(actor);
    }

    private void Unobtrusively(IActorRef actor)
    {
        actor.Tell(new Unobtrusive());
        ExpectMsg<Unobtrusive>();
    }

    private sealed record Unobtrusive : INotInfluenceReceiveTimeout;

    private sealed class Timed : ReceiveActor, IWithTimers
    {
        public Timed(IActorRef report)
        {
            Receive<Action<ITimerScheduler>>(action =>
            {
                try
                {
                    action(Timers);
                }
                finally
                {
                    report.Tell("done");
                }
            });
            ReceiveAny(message => report.Tell(message));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    private sealed class Patient : ReceiveActor
    {
        public Patient(IActorRef report)
        {
            SetReceiveTimeout(TimeSpan.FromSeconds(5));
            Receive<ReceiveTimeout>(_ => report.Tell("timeout"));
            Receive<string>(text => text == "off", _ => SetReceiveTimeout(null));
            ReceiveAny(message => report.Tell(message));
        }
    }
}
