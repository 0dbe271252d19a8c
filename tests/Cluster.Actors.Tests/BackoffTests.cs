namespace Cluster.Actors.Tests;

public sealed class BackoffTests : ActorTestKit
{
    public BackoffTests()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
    }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void On_failure_the_child_comes_back_after_pauses_that_double()
    {
        IActorRef supervisor = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnFailure(
            Props.Create(() => new Fragile(TestActor)), "kid", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), 0.0, -1)
            .WithManualReset()));
        ExpectMsg("started");
        FailAndWait(supervisor, TimeSpan.FromSeconds(1));
        FailAndWait(supervisor, TimeSpan.FromSeconds(2));
        FailAndWait(supervisor, TimeSpan.FromSeconds(4));
        supervisor.Tell(BackoffSupervisor.Reset.Instance);
        FailAndWait(supervisor, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void On_failure_a_child_that_stops_by_itself_ends_the_supervisor()
    {
        IActorRef supervisor = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnFailure(
            Props.Create(() => new Fragile(TestActor)), "kid", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), 0.0, -1)));
        ExpectMsg("started");
        Watch(supervisor);
        supervisor.Tell("stop");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void On_stop_the_child_comes_back_after_it_has_stopped()
    {
        IActorRef supervisor = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnStop(
            Props.Create(() => new Fragile(TestActor)), "kid", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), 0.0, -1)));
        ExpectMsg("started");
        Watch(CurrentChild(supervisor));
        supervisor.Tell("stop");
        ExpectMsg<Terminated>();
        AwaitRestartCount(supervisor, 1);
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("started");
    }

    [Fact]
    public void More_failures_than_allowed_end_the_supervisor()
    {
        IActorRef supervisor = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnFailure(
            Props.Create(() => new Fragile(TestActor)), "kid", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), 0.0, 1)
            .WithManualReset()));
        ExpectMsg("started");
        FailAndWait(supervisor, TimeSpan.FromSeconds(1));
        Watch(supervisor);
        supervisor.Tell("fail");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void While_the_child_is_away_the_answer_is_the_one_configured()
    {
        IActorRef supervisor = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnFailure(
            Props.Create(() => new Fragile(TestActor)), "kid", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), 0.0, -1)
            .WithReplyWhileStopped("away").WithManualReset()));
        ExpectMsg("started");
        supervisor.Tell("fail");
        AwaitRestartCount(supervisor, 1);
        supervisor.Tell("hello");
        ExpectMsg("away");
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("started");
        supervisor.Tell("hello");
        ExpectMsg("hello");
    }

    private IActorRef CurrentChild(IActorRef supervisor)
    {
        supervisor.Tell(BackoffSupervisor.GetCurrentChild.Instance);
        return ExpectMsg<BackoffSupervisor.CurrentChild>().Ref;
    }

    private void AwaitRestartCount(IActorRef supervisor, int count) => AwaitAssert(() =>
    {
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        ExpectMsg<BackoffSupervisor.RestartCount>().Count.ShouldBe(count);
    });

    private void FailAndWait(IActorRef supervisor, TimeSpan pause)
    {
        supervisor.Tell("fail");
        AwaitAssert(() => CurrentChild(supervisor).IsNobody().ShouldBeTrue());
        Scheduler.Advance(pause - TimeSpan.FromMilliseconds(1));
        CurrentChild(supervisor).IsNobody().ShouldBeTrue();
        Scheduler.Advance(TimeSpan.FromMilliseconds(1));
        ExpectMsg("started");
    }

    private sealed class Fragile : ReceiveActor
    {
        private readonly IActorRef _report;

        public Fragile(IActorRef report)
        {
            _report = report;
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("fail"));
            Receive<string>(text => text == "stop", _ => Context.Stop(Self));
            ReceiveAny(message => Sender.Tell(message));
        }

        protected override void PreStart() => _report.Tell("started");
    }
}
