using Cluster.Messages.Node;

namespace Cluster.Messages.Tests.Node;

public sealed class ThreadLoanTests() : ActorTestKit(
    $"akka.actor.default-dispatcher {{ type = Dispatcher, executor = \"{typeof(LendingExecutorConfigurator).AssemblyQualifiedName}\" }}")
{
    private static readonly Func<bool> s_never = () => false;

    [Fact]
    public void What_is_told_on_a_lent_thread_is_handled_there_and_what_comes_of_it_too()
    {
        IActorRef first = Sys.ActorOf(Props.Create(() => new Link(TestActor, 5)));

        // Again, if it was still busy elsewhere with its creation, or with the answer before.
        AwaitAssert(() =>
        {
            int here = Environment.CurrentManagedThreadId;
            ThreadLoan.Run(() => first.Tell("begin"), s_never);
            (int, int)[] handled = [.. Enumerable.Range(0, 6).Select(_ => ExpectMsg<(int, int)>())];
            handled.ShouldBe(Enumerable.Range(0, 6).Select(link => (5 - link, here)));
        });
    }

    [Fact]
    public void After_the_loan_messages_are_handled_elsewhere()
    {
        ThreadLoan.Run(() => { }, s_never);

        Begin(links: 0);

        ExpectMsg<(int Link, int Thread)>().Thread.ShouldNotBe(Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void The_loan_ends_when_the_thread_is_wanted_though_an_actor_talks_without_end()
    {
        IActorRef endless = ActorRefs.Nobody;

        ThreadLoan.Run(
            () =>
            {
                endless = Sys.ActorOf(Props.Create(() => new Endless()));
                endless.Tell("begin");
            },
            isWanted: () => true);

        endless.Tell(TestActor);
        ExpectMsg("on another thread", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void What_the_teller_throws_is_thrown_and_what_it_had_told_is_handled_all_the_same()
    {
        Should.Throw<InvalidDataException>(() => ThreadLoan.Run(
            () =>
            {
                Begin(links: 0);
                throw new InvalidDataException("row 3");
            },
            s_never));

        ExpectMsg<(int Link, int Thread)>().Link.ShouldBe(0);
    }

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
        private const int ToldAtMost = 20_000_000;      // with a loan that never ended, the test fails instead of waiting for ever

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
}
