namespace Cluster.Actors.Tests;

public sealed class ProbeTests : ActorTestKit
{
    [Fact]
    public void A_probe_sends_receives_replies_and_forwards()
    {
        TestProbe asker = CreateTestProbe();
        TestProbe answerer = CreateTestProbe();
        TestProbe third = CreateTestProbe();
        asker.Send(answerer.Ref, "question");
        answerer.ExpectMsg("question");
        answerer.Sender.ShouldBe(asker.Ref);
        answerer.Reply("answer");
        asker.ExpectMsgFrom<string>(answerer.Ref).ShouldBe("answer");
        asker.Send(answerer.Ref, "pass on");
        answerer.ExpectMsg("pass on");
        answerer.Forward(third.Ref);
        third.ExpectMsg("pass on");
        third.Sender.ShouldBe(asker.Ref);
    }

    [Fact]
    public void A_probe_can_stand_wherever_a_reference_can()
    {
        TestProbe probe = CreateTestProbe();
        IActorRef echo = Sys.ActorOf(Props.Create(() => new Echo()));
        echo.Tell("hello", probe);
        probe.ExpectMsg("hello");
        Watch(probe);
        Sys.Stop(probe);
        ExpectTerminated(probe.Ref);
    }

    [Fact]
    public void Tell_in_a_test_comes_from_the_test_actor()
    {
        Sys.ActorOf(Props.Create(() => new Echo())).Tell("hello");
        ExpectMsg("hello");
    }

    [Fact]
    public void Expectations_fail_where_they_should()
    {
        Should.Throw<Exception>(() => ExpectMsg<string>(TimeSpan.FromMilliseconds(20)));
        TestActor.Tell(5);
        Should.Throw<Exception>(() => ExpectMsg<string>());
        TestActor.Tell("other");
        Should.Throw<Exception>(() => ExpectMsg("wanted"));
        TestActor.Tell("unexpected");
        Should.Throw<Exception>(() => ExpectNoMsg(TimeSpan.FromMilliseconds(500)));
        Should.Throw<Exception>(() => Within(TimeSpan.FromMilliseconds(20), () => ExpectMsg<string>()));
        Should.Throw<Exception>(() => AwaitCondition(() => false, TimeSpan.FromMilliseconds(30)));
        Should.Throw<Exception>(() => AwaitAssert(() => false.ShouldBeTrue(), TimeSpan.FromMilliseconds(30)));
    }

    [Fact]
    public void Fishing_throws_away_what_does_not_fit()
    {
        TestActor.Tell(1);
        TestActor.Tell("small fry");
        TestActor.Tell("the big one");
        TestActor.Tell("rest");
        FishForMessage<string>(text => text.StartsWith("the", StringComparison.Ordinal)).ShouldBe("the big one");
        ExpectMsg("rest");
    }

    [Fact]
    public void Several_messages_are_received_at_once()
    {
        TestActor.Tell("a");
        TestActor.Tell("b");
        TestActor.Tell("c");
        ReceiveN(3).ShouldBe(["a", "b", "c"]);
        TestActor.Tell("y");
        TestActor.Tell("x");
        ExpectMsgAllOf("x", "y");
        ReceiveOne(TimeSpan.FromMilliseconds(10)).ShouldBeNull();
    }
}
