namespace Cluster.Actors.Tests.Embedded;

public sealed class LentThreadTests : ActorTestKit
{
    private static readonly Func<bool> s_never = () => false;

    [Fact]
    public void What_is_told_on_a_lent_thread_is_handled_there_and_what_comes_of_it_too()
    {
        int here = Environment.CurrentManagedThreadId;

        LentThread.Run(() => Begin(links: 5), s_never);

        for (int link = 5; link >= 0; link--) ExpectMsg((link, here));
    }

    [Fact]
    public void After_the_loan_messages_are_handled_elsewhere()
    {
        LentThread.Run(() => { }, s_never);

        Begin(links: 0);

        ExpectMsg<(int Link, int Thread)>().Thread.ShouldNotBe(Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void Who_is_told_already_is_handled_here_when_the_thread_is_wanted_and_who_talks_without_end_elsewhere()
    {
        IActorRef endless = ActorRefs.Nobody;
        int here = Environment.CurrentManagedThreadId;

        LentThread.Run(
            () =>
            {
                endless = Sys.ActorOf(Props.Create(() => new Endless()));
                endless.Tell("begin");
                Begin(links: 0);
            },
            isWanted: () => true);

        ExpectMsg((0, here));
        endless.Tell(TestActor);
        ExpectMsg("on another thread");
    }

    [Fact]
    public void Thousands_of_messages_to_actors_that_wait_for_each_other_all_arrive_in_order()
    {
        IActorRef[] echoes = [.. Enumerable.Range(0, 8).Select(_ => Sys.ActorOf(Props.Create(() => new Echo())))];
        int asked = 0;
        bool Wanted() => asked++ % 3 == 0;

        for (int i = 0; i < 500; i++)
            LentThread.Run(() => { foreach (IActorRef echo in echoes) echo.Tell(i, TestActor); }, Wanted);

        Dictionary<IActorRef, int> next = echoes.ToDictionary(echo => echo, _ => 0);
        for (int i = 0; i < 500 * echoes.Length; i++) ExpectMsg<int>().ShouldBe(next[LastSender]++);
    }

    [Fact]
    public void An_actor_that_fails_there_is_restarted_and_those_after_it_are_handled()
    {
        IActorRef failing = ActorRefs.Nobody;
        int here = Environment.CurrentManagedThreadId;

        LentThread.Run(
            () =>
            {
                failing = Sys.ActorOf(Props.Create(() => new Failing(TestActor)));
                failing.Tell("fail");
                Begin(links: 0);
            },
            s_never);

        FishForMessage<(int, int)>(_ => true).ShouldBe((0, here));
        failing.Tell("alive");
        ExpectMsg("alive");
    }

    [Fact]
    public void What_the_teller_throws_is_thrown_and_what_it_had_told_is_handled_all_the_same()
    {
        Should.Throw<InvalidDataException>(() => LentThread.Run(
            () =>
            {
                Begin(links: 0);
                throw new InvalidDataException("row 3");
            },
            s_never));

        ExpectMsg<(int Link, int Thread)>().Link.ShouldBe(0);
    }

    // Created where it is told: an actor that was created before may still be busy with that, on another thread.
    private void Begin(int links) => Sys.ActorOf(Props.Create(() => new Link(TestActor, links))).Tell("begin");

    /// <summary>Says on which thread it runs, and passes on to the next.</summary>
    private sealed class Link : ReceiveActor
    {
        public Link(IActorRef report, int left) => Receive<string>(begin =>
        {
            report.Tell((left, Environment.CurrentManagedThreadId));
            if (left > 0) Context.ActorOf(Props.Create(() => new Link(report, left - 1))).Tell(begin);
        });
    }

    /// <summary>Tells itself the same again and again, until it is on another thread than at first, or has done so for seconds.</summary>
    private sealed class Endless : ReceiveActor
    {
        private const int ToldAtMost = 20_000_000;      // some seconds; with a loan that never ended, the test fails instead of waiting for ever

        public Endless()
        {
            int began = 0, told = 0;
            bool moved = false;
            Receive<string>(again =>
            {
                if (told++ == 0) began = Environment.CurrentManagedThreadId;
                moved |= Environment.CurrentManagedThreadId != began;
                if (!moved && told < ToldAtMost) Self.Tell(again);
            });
            Receive<IActorRef>(asker =>
            {
                if (moved) asker.Tell("on another thread");
                else if (told < ToldAtMost) Self.Tell(asker);
                else asker.Tell($"on one thread, {told} times");
            });
        }
    }

    private sealed class Failing : ReceiveActor
    {
        public Failing(IActorRef report)
        {
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("asked to"));
            Receive<string>(report.Tell);
        }
    }
}
