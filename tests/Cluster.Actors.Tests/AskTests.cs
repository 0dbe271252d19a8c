namespace Cluster.Actors.Tests;

public sealed class AskTests : ActorTestKit
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Ask_gives_the_answer()
    {
        IActorRef echo = Sys.ActorOf(Props.Create(() => new Echo()));
        (await echo.Ask<string>("hello", s_timeout)).ShouldBe("hello");
        (await echo.Ask("hello", s_timeout)).ShouldBe("hello");
    }

    [Fact]
    public async Task Ask_fails_when_the_answer_is_late()
    {
        IActorRef silent = Sys.ActorOf(Props.Create(() => new Silent()));
        await Should.ThrowAsync<AskTimeoutException>(() => silent.Ask<string>("hello", TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task A_failure_as_answer_fails_the_task_with_its_cause()
    {
        IActorRef echo = Sys.ActorOf(Props.Create(() => new Echo()));
        InvalidOperationException cause = await Should.ThrowAsync<InvalidOperationException>(
            () => echo.Ask<string>(new Status.Failure(new InvalidOperationException("boom")), s_timeout));
        cause.Message.ShouldBe("boom");
    }

    [Fact]
    public async Task An_answer_of_another_type_fails_the_task()
    {
        IActorRef echo = Sys.ActorOf(Props.Create(() => new Echo()));
        await Should.ThrowAsync<Exception>(() => echo.Ask<int>("hello", s_timeout));
    }

    [Fact]
    public async Task Ask_of_a_selection_reaches_the_actor_and_resolve_one_fails_where_nobody_lives()
    {
        Sys.ActorOf(Props.Create(() => new Echo()), "here");
        (await Sys.ActorSelection("/user/here").Ask<string>("hello", s_timeout)).ShouldBe("hello");
        (await Sys.ActorSelection("/user/here").ResolveOne(s_timeout)).Path.Name.ShouldBe("here");
        await Should.ThrowAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/nowhere").ResolveOne(s_timeout));
    }

    [Fact]
    public void Pipe_to_sends_the_result_or_a_failure()
    {
        TaskCompletionSource<string> good = new();
        good.Task.PipeTo(TestActor);
        good.SetResult("result");
        ExpectMsg("result");

        TaskCompletionSource<string> bad = new();
        bad.Task.PipeTo(TestActor);
        bad.SetException(new InvalidOperationException("boom"));
        ExpectMsg<Status.Failure>().Cause.ShouldBeOfType<InvalidOperationException>().Message.ShouldBe("boom");
    }

    [Fact]
    public void Pipe_to_turns_both_outcomes_into_messages_where_told_how()
    {
        Task.FromResult(20).PipeTo(TestActor, success: number => $"ok {number}", failure: cause => $"bad {cause.Message}");
        ExpectMsg("ok 20");
        Task.FromException<int>(new InvalidOperationException("boom")).PipeTo(TestActor, success: number => $"ok {number}", failure: cause => $"bad {cause.Message}");
        ExpectMsg("bad boom");
        Task.CompletedTask.PipeTo(TestActor, success: () => "done");
        ExpectMsg("done");
    }

    [Fact]
    public void Identify_is_answered_by_the_living_and_for_the_missing()
    {
        IActorRef echo = Sys.ActorOf(Props.Create(() => new Echo()), "known");
        echo.Tell(new Identify(1));
        ExpectMsg<ActorIdentity>().Subject.ShouldBe(echo);
        Sys.ActorSelection("/user/unknown").Tell(new Identify(2));
        ActorIdentity none = ExpectMsg<ActorIdentity>();
        none.MessageId.ShouldBe(2);
        none.Subject.ShouldBeNull();
    }

    [Fact]
    public void A_selection_with_a_pattern_reaches_all_that_fit()
    {
        Sys.ActorOf(Props.Create(() => new Echo()), "worker-1");
        Sys.ActorOf(Props.Create(() => new Echo()), "worker-2");
        Sys.ActorOf(Props.Create(() => new Echo()), "other");
        Sys.ActorSelection("/user/worker-*").Tell("hello");
        ExpectMsg("hello");
        ExpectMsg("hello");
        TestActor.Tell("end");
        ExpectMsg("end");
    }

    [Fact]
    public void Forward_keeps_the_sender()
    {
        IActorRef echo = Sys.ActorOf(Props.Create(() => new Echo()));
        IActorRef relay = Sys.ActorOf(Props.Create(() => new Relay(echo)));
        relay.Tell("hello");
        ExpectMsg("hello");
        LastSender.ShouldBe(echo);
    }

    private sealed class Silent : ReceiveActor
    {
        public Silent() => ReceiveAny(_ => { });
    }

    private sealed class Relay : ReceiveActor
    {
        public Relay(IActorRef to) => ReceiveAny(message => to.Forward(message));
    }
}
