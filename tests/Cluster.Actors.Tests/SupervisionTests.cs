namespace Cluster.Actors.Tests;

public sealed class SupervisionTests : ActorTestKit
{
    [Fact]
    public void A_restart_calls_the_hooks_in_order_and_keeps_the_mailbox()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Supervisor(_ => Directive.Restart)));
        IActorRef child = Child(parent, Props.Create(() => new Recorder(TestActor)));
        ExpectMsg("constructor");
        ExpectMsg("PreStart");
        child.Tell("one");
        child.Tell(new InvalidOperationException("boom"));
        child.Tell("two");
        child.Tell("three");
        ExpectMsg("one");
        ExpectMsg("PreRestart boom InvalidOperationException");
        ExpectMsg("PostStop");
        ExpectMsg("constructor");
        ExpectMsg("PostRestart boom");
        ExpectMsg("PreStart");
        ExpectMsg("two");
        ExpectMsg("three");
    }

    [Fact]
    public void Resume_keeps_the_state_and_loses_only_the_failing_message()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Supervisor(_ => Directive.Resume)));
        IActorRef child = Child(parent, Props.Create(() => new Counter()));
        child.Tell("add");
        child.Tell(new InvalidOperationException("boom"));
        child.Tell("add");
        child.Tell("get");
        ExpectMsg(2);
    }

    [Fact]
    public void Restart_loses_the_state_and_keeps_the_reference()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Supervisor(_ => Directive.Restart)));
        IActorRef child = Child(parent, Props.Create(() => new Counter()));
        child.Tell("add");
        child.Tell(new InvalidOperationException("boom"));
        child.Tell("add");
        child.Tell("get");
        ExpectMsg(1);
    }

    [Fact]
    public void Stop_ends_the_child_and_its_watchers_are_told()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Supervisor(_ => Directive.Stop)));
        IActorRef child = Child(parent, Props.Create(() => new Counter()));
        Watch(child);
        child.Tell(new InvalidOperationException("boom"));
        ExpectTerminated(child);
    }

    [Fact]
    public void Escalate_fails_the_parent_which_is_restarted_and_stops_its_children()
    {
        IActorRef grandparent = Sys.ActorOf(Props.Create(() => new Supervisor(_ => Directive.Restart)));
        IActorRef parent = Child(grandparent, Props.Create(() => new Supervisor(_ => Directive.Escalate)));
        IActorRef child = Child(parent, Props.Create(() => new Counter()));
        Watch(child);
        Watch(parent);
        child.Tell(new InvalidOperationException("boom"));
        ExpectTerminated(child);
        // The parent lives on under the same reference.
        Child(parent, Props.Create(() => new Counter())).ShouldNotBe(child);
    }

    [Fact]
    public void An_actor_whose_constructor_throws_is_stopped_by_default()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Supervisor(null)));
        IActorRef child = Child(parent, Props.Create(() => new Stillborn()));
        Watch(child);
        ExpectTerminated(child);
    }

    [Fact]
    public void The_parent_sees_an_initialization_failure_as_such()
    {
        IActorRef probe = TestActor;
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Supervisor(cause => Tell(probe, cause))));
        Child(parent, Props.Create(() => new Stillborn()));
        ActorInitializationException cause = ExpectMsg<ActorInitializationException>();
        Innermost(cause).Message.ShouldBe("stillborn");
    }

    [Fact]
    public void More_restarts_than_allowed_stop_the_child()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Limited(2)));
        IActorRef child = Child(parent, Props.Create(() => new Counter()));
        Watch(child);
        child.Tell(new InvalidOperationException("1"));
        child.Tell(new InvalidOperationException("2"));
        child.Tell("get");
        ExpectMsg(0);
        child.Tell(new InvalidOperationException("3"));
        ExpectTerminated(child);
    }

    [Fact]
    public void All_for_one_restarts_the_siblings_too()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new AllTogether()));
        IActorRef first = Child(parent, Props.Create(() => new Counter()));
        IActorRef second = Child(parent, Props.Create(() => new Counter()));
        second.Tell("add");
        second.Tell("get");
        ExpectMsg(1);
        first.Tell(new InvalidOperationException("boom"));
        AwaitAssert(() =>
        {
            second.Tell("get");
            ExpectMsg<int>().ShouldBe(0);
        });
    }

    [Fact]
    public void Kill_is_a_failure_that_stops_by_default()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Supervisor(null)));
        IActorRef child = Child(parent, Props.Create(() => new Counter()));
        Watch(child);
        child.Tell(Kill.Instance);
        ExpectTerminated(child);
    }

    [Fact]
    public void Poison_comes_after_what_was_sent_before_and_before_what_is_sent_after()
    {
        IActorRef echo = Sys.ActorOf(Props.Create(() => new Echo()));
        Watch(echo);
        echo.Tell("before");
        echo.Tell(PoisonPill.Instance);
        echo.Tell("after");
        ExpectMsg("before");
        ExpectTerminated(echo);
    }

    [Fact]
    public void Stopping_a_parent_stops_the_children_first()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Family(TestActor)));
        Watch(parent);
        Sys.Stop(parent);
        ExpectMsg("child stopped");
        ExpectMsg("parent stopped");
        ExpectTerminated(parent);
    }

    [Fact]
    public void A_child_that_survives_a_restart_of_its_parent_is_restarted_itself()
    {
        IActorRef grandparent = Sys.ActorOf(Props.Create(() => new Supervisor(_ => Directive.Restart)));
        IActorRef parent = Child(grandparent, Props.Create(() => new KeepsChildren()));
        IActorRef child = Child(parent, Props.Create(() => new Counter()));
        child.Tell("add");
        child.Tell("get");
        ExpectMsg(1);
        parent.Tell(new InvalidOperationException("boom"));
        AwaitAssert(() =>
        {
            child.Tell("get");
            ExpectMsg<int>().ShouldBe(0);
        });
    }

    private static Directive Tell(IActorRef probe, Exception cause)
    {
        probe.Tell(cause, ActorRefs.NoSender);
        return Directive.Stop;
    }

    private static Exception Innermost(Exception cause) => cause.InnerException is { } inner ? Innermost(inner) : cause;

    private IActorRef Child(IActorRef parent, Props props)
    {
        parent.Tell(props);
        return ExpectMsg<IActorRef>();
    }

    private sealed class Supervisor : ReceiveActor
    {
        private readonly Func<Exception, Directive>? _decide;

        public Supervisor(Func<Exception, Directive>? decide)
        {
            _decide = decide;
            Receive<Props>(props => Sender.Tell(Context.ActorOf(props)));
        }

        protected override SupervisorStrategy SupervisorStrategy() =>
            _decide is null ? base.SupervisorStrategy() : new OneForOneStrategy(_decide);
    }

    private sealed class Limited : ReceiveActor
    {
        private readonly int _retries;

        public Limited(int retries)
        {
            _retries = retries;
            Receive<Props>(props => Sender.Tell(Context.ActorOf(props)));
        }

        protected override SupervisorStrategy SupervisorStrategy() =>
            new OneForOneStrategy(_retries, TimeSpan.FromMinutes(1), _ => Directive.Restart);
    }

    private sealed class AllTogether : ReceiveActor
    {
        public AllTogether() => Receive<Props>(props => Sender.Tell(Context.ActorOf(props)));

        protected override SupervisorStrategy SupervisorStrategy() =>
            new AllForOneStrategy(10, TimeSpan.FromMinutes(1), _ => Directive.Restart);
    }

    private sealed class KeepsChildren : ReceiveActor
    {
        public KeepsChildren()
        {
            Receive<Props>(props => Sender.Tell(Context.ActorOf(props)));
            Receive<Exception>(cause => throw cause);
        }

        protected override void PreRestart(Exception reason, object message)
        {
        }
    }

    private sealed class Recorder : ReceiveActor
    {
        private readonly IActorRef _log;

        public Recorder(IActorRef log)
        {
            _log = log;
            log.Tell("constructor");
            Receive<string>(text => log.Tell(text));
            Receive<Exception>(cause => throw cause);
        }

        protected override void PreStart() => _log.Tell("PreStart");

        protected override void PostStop() => _log.Tell("PostStop");

        protected override void PreRestart(Exception reason, object message)
        {
            _log.Tell($"PreRestart {reason.Message} {message.GetType().Name}");
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            _log.Tell($"PostRestart {reason.Message}");
            base.PostRestart(reason);
        }
    }

    private sealed class Counter : ReceiveActor
    {
        private int _count;

        public Counter()
        {
            Receive<string>(text => text == "add", _ => _count++);
            Receive<string>(text => text == "get", _ => Sender.Tell(_count));
            Receive<Exception>(cause => throw cause);
        }
    }

    private sealed class Stillborn : UntypedActor
    {
        public Stillborn() => throw new InvalidOperationException("stillborn");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Family : ReceiveActor
    {
        private readonly IActorRef _log;

        public Family(IActorRef log)
        {
            _log = log;
            Context.ActorOf(Props.Create(() => new Kid(log)));
        }

        protected override void PostStop() => _log.Tell("parent stopped");
    }

    private sealed class Kid(IActorRef log) : ReceiveActor
    {
        protected override void PostStop() => log.Tell("child stopped");
    }
}
