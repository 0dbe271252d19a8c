namespace Cluster.Actors.Tests;

public sealed class StashTests : ActorTestKit
{
    [Fact]
    public void Unstashed_messages_come_in_their_order_before_all_that_wait_with_their_senders()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Gate()));
        TestProbe other = CreateTestProbe();
        actor.Tell("a");
        actor.Tell("b", other.Ref);
        actor.Tell("c");
        actor.Tell("open");
        actor.Tell("d");
        ExpectMsg("a");
        ExpectMsg("c");
        ExpectMsg("d");
        other.ExpectMsg("b");
    }

    [Fact]
    public void Unstash_takes_the_oldest()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Gate()));
        actor.Tell("a");
        actor.Tell("b");
        actor.Tell("one");
        ExpectMsg("a");
        actor.Tell("x");
        ExpectMsg("x");
    }

    [Fact]
    public void Stashing_a_message_twice_is_an_error()
    {
        Sys.ActorOf(Props.Create(() => new Greedy(TestActor))).Tell("x");
        ExpectMsg("IllegalActorStateException");
    }

    [Fact]
    public void A_restart_puts_the_stashed_messages_back_before_the_mailbox()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new OpensOnRestart(TestActor)));
        actor.Tell("a");
        actor.Tell("b");
        actor.Tell("fail");
        actor.Tell("c");
        ExpectMsg("a");
        ExpectMsg("b");
        ExpectMsg("c");
    }

    [Fact]
    public void What_is_stashed_at_the_end_becomes_dead_letters()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Gate()));
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        actor.Tell("kept");
        Sys.Stop(actor);
        DeadLetter letter = FishForMessage<DeadLetter>(dead => dead.Message is string);
        letter.Message.ShouldBe("kept");
        letter.Recipient.ShouldBe(actor);
    }

    private sealed class Gate : ReceiveActor, IWithUnboundedStash
    {
        public Gate() => Become(Closed);

        public IStash Stash { get; set; } = null!;

        private void Closed()
        {
            Receive<string>(text => text == "open", _ =>
            {
                Become(Open);
                Stash.UnstashAll();
            });
            Receive<string>(text => text == "one", _ =>
            {
                Become(Open);
                Stash.Unstash();
            });
            ReceiveAny(_ => Stash.Stash());
        }

        private void Open() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class Greedy : ReceiveActor, IWithUnboundedStash
    {
        public Greedy(IActorRef report) => ReceiveAny(_ =>
        {
            Stash.Stash();
            try
            {
                Stash.Stash();
            }
            catch (IllegalActorStateException cause)
            {
                report.Tell(cause.GetType().Name);
            }
        });

        public IStash Stash { get; set; } = null!;
    }

    private sealed class OpensOnRestart : ReceiveActor, IWithUnboundedStash
    {
        private readonly IActorRef _out;

        public OpensOnRestart(IActorRef @out)
        {
            _out = @out;
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("fail"));
            ReceiveAny(_ => Stash.Stash());
        }

        public IStash Stash { get; set; } = null!;

        protected override void PostRestart(Exception reason)
        {
            base.PostRestart(reason);
            Become(() => ReceiveAny(message => _out.Tell(message)));
        }
    }
}
