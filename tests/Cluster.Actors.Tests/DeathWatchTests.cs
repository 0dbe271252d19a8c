namespace Cluster.Actors.Tests;

public sealed class DeathWatchTests : ActorTestKit
{
    [Fact]
    public void The_watcher_is_told_once_however_often_it_watches()
    {
        IActorRef target = Sys.ActorOf(Props.Create(() => new Echo()));
        Watch(target);
        Watch(target);
        Sys.Stop(target);
        ExpectTerminated(target).ExistenceConfirmed.ShouldBeTrue();
        TestActor.Tell("later");
        ExpectMsg("later");
    }

    [Fact]
    public void Watching_a_dead_actor_tells_at_once()
    {
        IActorRef target = Sys.ActorOf(Props.Create(() => new Echo()));
        Watch(target);
        Sys.Stop(target);
        ExpectTerminated(target);
        TestProbe late = CreateTestProbe();
        late.Watch(target);
        late.ExpectTerminated(target);
    }

    [Fact]
    public async Task Watching_a_path_where_nobody_ever_lived_tells_at_once()
    {
        IActorRef target = Sys.ActorOf(Props.Create(() => new Echo()), "once");
        (await target.GracefulStop(TimeSpan.FromSeconds(60))).ShouldBeTrue();
        Watch(target);
        ExpectTerminated(target);
    }

    [Fact]
    public void After_unwatch_nothing_is_told()
    {
        IActorRef target = Sys.ActorOf(Props.Create(() => new Echo()));
        TestProbe witness = CreateTestProbe();
        witness.Watch(target);
        Watch(target);
        Unwatch(target);
        target.Tell("through");
        ExpectMsg("through");
        Sys.Stop(target);
        witness.ExpectTerminated(target);
        TestActor.Tell("later");
        ExpectMsg("later");
    }

    [Fact]
    public void Watch_with_sends_ones_own_message()
    {
        IActorRef target = Sys.ActorOf(Props.Create(() => new Echo()));
        Sys.ActorOf(Props.Create(() => new CustomWatcher(target, TestActor)));
        ExpectMsg("watching");
        Sys.Stop(target);
        ExpectMsg("gone");
    }

    [Fact]
    public void Of_two_watches_with_different_messages_the_first_stands()
    {
        IActorRef target = Sys.ActorOf(Props.Create(() => new Echo()));
        Sys.ActorOf(Props.Create(() => new FickleWatcher(target, TestActor)));
        ExpectMsg("watching");
        Sys.Stop(target);
        ExpectMsg("first");
    }

    [Fact]
    public void Messages_sent_before_the_end_come_before_the_notice()
    {
        IActorRef target = Sys.ActorOf(Props.Create(() => new LastWords(TestActor)));
        Watch(target);
        target.Tell("die");
        ExpectMsg("1");
        ExpectMsg("2");
        ExpectMsg("stopped");
        ExpectTerminated(target);
    }

    [Fact]
    public void An_unhandled_notice_is_a_death_pact()
    {
        IActorRef target = Sys.ActorOf(Props.Create(() => new Echo()));
        IActorRef bound = Sys.ActorOf(Props.Create(() => new Bound(target)));
        bound.Tell("ready?");
        ExpectMsg("ready");
        Watch(bound);
        Sys.Stop(target);
        ExpectTerminated(bound);
    }

    [Fact]
    public async Task Graceful_stop_waits_for_the_end_and_says_when_it_was_late()
    {
        IActorRef quick = Sys.ActorOf(Props.Create(() => new Echo()));
        (await quick.GracefulStop(TimeSpan.FromSeconds(60))).ShouldBeTrue();
        IActorRef stubborn = Sys.ActorOf(Props.Create(() => new Echo()));
        (await stubborn.GracefulStop(TimeSpan.FromMilliseconds(50), "not a stop")).ShouldBeFalse();
    }

    private sealed class CustomWatcher : ReceiveActor
    {
        public CustomWatcher(IActorRef target, IActorRef report)
        {
            Context.WatchWith(target, "gone");
            Context.WatchWith(target, "gone");
            report.Tell("watching");
            Receive<string>(text => report.Tell(text));
        }
    }

    private sealed class FickleWatcher : ReceiveActor
    {
        public FickleWatcher(IActorRef target, IActorRef report)
        {
            Context.WatchWith(target, "first");
            Context.WatchWith(target, "second");
            Receive<string>(message => report.Tell(message));
            report.Tell("watching");
        }
    }

    private sealed class LastWords : ReceiveActor
    {
        private readonly IActorRef _to;

        public LastWords(IActorRef to)
        {
            _to = to;
            Receive<string>(_ =>
            {
                to.Tell("1");
                Context.Stop(Self);
                to.Tell("2");
            });
        }

        protected override void PostStop() => _to.Tell("stopped");
    }

    private sealed class Bound : ReceiveActor
    {
        public Bound(IActorRef target)
        {
            Context.Watch(target);
            Receive<string>(_ => Sender.Tell("ready"));
        }
    }
}
