namespace Cluster.Actors.Tests;

public sealed class BehaviourTests : ActorTestKit
{
    [Fact]
    public void Become_replaces_and_stacked_behaviours_come_back()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Stacked()));
        actor.Tell("who");
        ExpectMsg("base");
        actor.Tell("push");
        actor.Tell("who");
        ExpectMsg("first");
        actor.Tell("push");
        actor.Tell("who");
        ExpectMsg("second");
        actor.Tell("pop");
        actor.Tell("who");
        ExpectMsg("first");
        actor.Tell("pop");
        actor.Tell("who");
        ExpectMsg("base");
        actor.Tell("pop");
        actor.Tell("who");
        ExpectMsg("base");
    }

    [Fact]
    public void A_restart_returns_to_the_behaviour_of_the_constructor()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Stacked()));
        actor.Tell("push");
        actor.Tell("who");
        ExpectMsg("first");
        actor.Tell("fail");
        actor.Tell("who");
        ExpectMsg("base");
    }

    [Fact]
    public void The_first_handler_that_takes_a_message_handles_it()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Choosy()));
        actor.Tell(5);
        ExpectMsg("small");
        actor.Tell(50);
        ExpectMsg("function");
        actor.Tell(500);
        ExpectMsg("any number");
        actor.Tell("text");
        ExpectMsg("any");
    }

    [Fact]
    public void What_nobody_handles_is_published_as_unhandled()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Deaf()));
        actor.Tell("hello");
        UnhandledMessage unhandled = ExpectMsg<UnhandledMessage>();
        unhandled.Message.ShouldBe("hello");
        unhandled.Recipient.ShouldBe(actor);
        actor.Tell("other");
        ExpectMsg<UnhandledMessage>().Message.ShouldBe("other");
    }

    [Fact]
    public void Nothing_may_follow_receive_any()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Misordered()));
        Watch(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public void A_message_to_an_ended_actor_is_a_dead_letter()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Deaf()));
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        actor.Tell("too late");
        DeadLetter letter = FishForMessage<DeadLetter>(dead => dead.Message is string);
        letter.Message.ShouldBe("too late");
        letter.Sender.ShouldBe(TestActor);
        letter.Recipient.ShouldBe(actor);
    }

    [Fact]
    public void Without_a_sender_the_sender_is_the_dead_letters()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new SenderTeller(TestActor)));
        actor.Tell("x", ActorRefs.NoSender);
        ExpectMsg<IActorRef>().ShouldBe(Sys.DeadLetters);
    }

    private sealed class Stacked : ReceiveActor
    {
        public Stacked()
        {
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("fail"));
            Behave("base", First);
        }

        private void First()
        {
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("fail"));
            Behave("first", Second);
        }

        private void Second() => Behave("second", First);

        private void Behave(string name, Action next)
        {
            Receive<string>(text => text == "who", _ => Sender.Tell(name));
            Receive<string>(text => text == "push", _ => BecomeStacked(next));
            Receive<string>(text => text == "pop", _ => UnbecomeStacked());
        }
    }

    private sealed class Choosy : ReceiveActor
    {
        public Choosy()
        {
            Receive<int>(_ => Sender.Tell("small"), number => number < 10);
            Receive<int>(number =>
            {
                bool mine = number < 100;
                if (mine)
                    Sender.Tell("function");
                return mine;
            });
            Receive<int>(_ => Sender.Tell("any number"));
            ReceiveAny(_ => Sender.Tell("any"));
        }
    }

    private sealed class Deaf : ReceiveActor
    {
        public Deaf()
        {
            Receive<int>(_ => { });
            Receive<string>(text => text == "other", text => Unhandled(text));
        }
    }

    private sealed class Misordered : ReceiveActor
    {
        public Misordered()
        {
            ReceiveAny(_ => { });
            Receive<int>(_ => { });
        }
    }

    private sealed class SenderTeller : ReceiveActor
    {
        public SenderTeller(IActorRef report) => ReceiveAny(_ => report.Tell(Sender));
    }
}
