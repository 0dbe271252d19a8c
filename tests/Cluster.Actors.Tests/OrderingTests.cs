namespace Cluster.Actors.Tests;

public sealed class OrderingTests : ActorTestKit
{
    [Fact]
    public void Messages_of_one_sender_arrive_in_the_order_sent()
    {
        IActorRef echo = Sys.ActorOf(Props.Create(() => new Echo()));
        for (int i = 0; i < 1000; i++)
            echo.Tell(i);
        for (int i = 0; i < 1000; i++)
            ExpectMsg(i);
    }

    [Fact]
    public async Task Messages_of_each_of_many_senders_arrive_in_the_order_sent()
    {
        const int senders = 8;
        const int each = 2000;
        IActorRef counter = Sys.ActorOf(Props.Create(() => new OrderChecker(senders, each, TestActor)));
        Task[] sending = [.. Enumerable.Range(0, senders).Select(sender => Task.Run(() =>
        {
            for (int i = 0; i < each; i++)
                counter.Tell((sender, i), ActorRefs.NoSender);
        }))];
        await Task.WhenAll(sending);
        ExpectMsg("in order", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void An_actor_handles_one_message_at_a_time_and_creates_children_with_paths_below_its_own()
    {
        IActorRef parent = Sys.ActorOf(Props.Create(() => new Parent()), "parent");
        parent.Tell("child");
        IActorRef child = ExpectMsg<IActorRef>();
        child.Path.Parent.ShouldBe(parent.Path);
        child.Path.Name.ShouldBe("kid");
        child.Path.ToStringWithoutAddress().ShouldBe("/user/parent/kid");
    }

    [Fact]
    public void A_name_that_is_taken_is_refused_and_free_again_after_termination()
    {
        IActorRef first = Sys.ActorOf(Props.Create(() => new Echo()), "same");
        Should.Throw<InvalidActorNameException>(() => Sys.ActorOf(Props.Create(() => new Echo()), "same"));
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);
        IActorRef second = AwaitFree("same");
        second.Path.ShouldBe(first.Path);
        second.ShouldNotBe(first);
    }

    private IActorRef AwaitFree(string name)
    {
        // The watcher may hear of the end before the parent has taken note of it.
        IActorRef? made = null;
        AwaitAssert(() => made = Sys.ActorOf(Props.Create(() => new Echo()), name));
        return made!;
    }

    private sealed class OrderChecker : ReceiveActor
    {
        public OrderChecker(int senders, int each, IActorRef report)
        {
            int[] next = new int[senders];
            Receive<(int Sender, int Number)>(message =>
            {
                if (message.Number != next[message.Sender]++)
                    report.Tell($"wanted {next[message.Sender] - 1} of sender {message.Sender}, got {message.Number}");
                if (next.All(count => count == each))
                    report.Tell("in order");
            });
        }
    }

    private sealed class Parent : ReceiveActor
    {
        public Parent() => Receive<string>(_ => Sender.Tell(Context.ActorOf(Props.Create(() => new Echo()), "kid")));
    }
}
