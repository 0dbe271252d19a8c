namespace Cluster.Actors.Tests.Persistence;

/// <summary>What a persistent actor may rely on, one by one; on both engines.</summary>
public sealed class PersistentActorTests : ActorTestKit
{
    private readonly string _id = "journalist-" + Guid.NewGuid().ToString("N");

    [Fact]
    public void Handlers_run_in_order_and_before_the_next_command()
    {
        IActorRef actor = Start("recovered at 0");

        actor.Tell(new Journalist.WriteEach("a", "b"), ActorRefs.NoSender);
        actor.Tell(new Journalist.Note("later"), ActorRefs.NoSender);

        Expect("wrote a as 1", "wrote b as 2", "noted later");
    }

    [Fact]
    public void Events_of_PersistAll_are_handled_one_by_one()
    {
        IActorRef actor = Start("recovered at 0");

        actor.Tell(new Journalist.Write("a", "b", "c"), ActorRefs.NoSender);
        actor.Tell(new Journalist.Note("later"), ActorRefs.NoSender);

        Expect("wrote a as 1", "wrote b as 2", "wrote c as 3", "noted later");
    }

    [Fact]
    public void PersistAll_of_nothing_does_not_hold_up_commands()
    {
        IActorRef actor = Start("recovered at 0");

        actor.Tell(new Journalist.Write(), ActorRefs.NoSender);
        actor.Tell(new Journalist.Note("later"), ActorRefs.NoSender);

        Expect("noted later");
    }

    [Fact]
    public void A_handler_may_persist_and_its_event_too_comes_before_the_next_command()
    {
        IActorRef actor = Start("recovered at 0");

        actor.Tell(new Journalist.WriteTwice("a"), ActorRefs.NoSender);
        actor.Tell(new Journalist.Note("later"), ActorRefs.NoSender);

        Expect("wrote a' as 2", "noted later");
    }

    [Fact]
    public void Asynchronous_handlers_run_in_order_with_what_was_deferred_after_them()
    {
        IActorRef actor = Start("recovered at 0");

        actor.Tell(new Journalist.WriteAsync("a", "b"), ActorRefs.NoSender);

        Expect("wrote a as 1", "wrote b as 2", "deferred");
    }

    [Fact]
    public void The_handler_sees_the_sender_of_the_command()
    {
        IActorRef actor = Start("recovered at 0");
        var customer = CreateTestProbe();

        actor.Tell(new Journalist.Write("a"), customer.Ref);
        actor.Tell(new Journalist.Note("by somebody else"), TestActor);

        customer.ExpectMsg("thanks for a");
    }

    [Fact]
    public void A_new_life_replays_all_events_before_its_first_command()
    {
        IActorRef first = Start("recovered at 0");
        first.Tell(new Journalist.Write("a", "b"), ActorRefs.NoSender);
        Expect("wrote a as 1", "wrote b as 2");
        Stop(first);

        IActorRef second = Sys.ActorOf(Journalist.PropsFor(_id, TestActor));
        second.Tell(new Journalist.Note("first command"), ActorRefs.NoSender);

        Expect("replayed a", "replayed b", "recovered at 2", "noted first command");
    }

    [Fact]
    public void Long_streams_are_replayed_whole()
    {
        IActorRef first = Start("recovered at 0");
        string[] texts = [.. Enumerable.Range(1, 600).Select(number => "event " + number)];
        first.Tell(new Journalist.Write(texts), ActorRefs.NoSender);
        foreach (string _ in texts) ExpectMsg<string>();
        Stop(first);

        Sys.ActorOf(Journalist.PropsFor(_id, TestActor));

        foreach (string text in texts) ExpectMsg("replayed " + text);
        ExpectMsg("recovered at 600");
    }

    [Fact]
    public void The_snapshot_is_offered_before_the_events_after_it()
    {
        IActorRef first = Start("recovered at 0");
        first.Tell(new Journalist.Write("a", "b"), ActorRefs.NoSender);
        Expect("wrote a as 1", "wrote b as 2");
        first.Tell(new Journalist.TakeSnapshot(), ActorRefs.NoSender);
        Expect("saved 2");
        first.Tell(new Journalist.Write("c"), ActorRefs.NoSender);
        Expect("wrote c as 3");
        Stop(first);

        Sys.ActorOf(Journalist.PropsFor(_id, TestActor));

        Expect("offered a,b of 2", "replayed c", "recovered at 3");
    }

    [Fact]
    public void A_restart_recovers_and_keeps_the_commands_that_waited()
    {
        IActorRef actor = Start("recovered at 0");
        actor.Tell(new Journalist.Write("a"), ActorRefs.NoSender);
        Expect("wrote a as 1");

        actor.Tell(new Journalist.Fail(), ActorRefs.NoSender);
        actor.Tell(new Journalist.Note("waited"), ActorRefs.NoSender);

        Expect("replayed a", "recovered at 1", "noted waited");
    }

    [Fact]
    public void Become_and_stash_work_as_in_any_actor()
    {
        IActorRef actor = Start("recovered at 0");

        actor.Tell(new Journalist.Close(), ActorRefs.NoSender);
        actor.Tell(new Journalist.Write("a"), ActorRefs.NoSender);
        actor.Tell(new Journalist.Note("b"), ActorRefs.NoSender);
        actor.Tell(new Journalist.Open(), ActorRefs.NoSender);
        actor.Tell(new Journalist.Note("c"), ActorRefs.NoSender);

        Expect("wrote a as 1", "noted b", "noted c");
    }

    [Fact]
    public void Deleted_events_are_not_replayed_but_their_numbers_stay_taken()
    {
        IActorRef first = Start("recovered at 0");
        first.Tell(new Journalist.Write("a", "b", "c"), ActorRefs.NoSender);
        Expect("wrote a as 1", "wrote b as 2", "wrote c as 3");
        first.Tell(new Journalist.Delete(3), ActorRefs.NoSender);
        Expect("deleted 3");
        Stop(first);

        IActorRef second = Start("recovered at 3");
        second.Tell(new Journalist.Write("d"), ActorRefs.NoSender);
        Expect("wrote d as 4");
    }

    [Fact]
    public void Events_that_are_not_there_yet_cannot_be_deleted()
    {
        IActorRef actor = Start("recovered at 0");

        actor.Tell(new Journalist.Delete(7), ActorRefs.NoSender);

        Expect("not deleted 7");
    }

    [Fact]
    public void Without_its_snapshots_the_actor_replays_the_events()
    {
        IActorRef first = Start("recovered at 0");
        first.Tell(new Journalist.Write("a"), ActorRefs.NoSender);
        Expect("wrote a as 1");
        first.Tell(new Journalist.TakeSnapshot(), ActorRefs.NoSender);
        Expect("saved 1");
        first.Tell(new Journalist.DeleteAllSnapshots(), ActorRefs.NoSender);
        Expect("snapshots deleted");
        Stop(first);

        Sys.ActorOf(Journalist.PropsFor(_id, TestActor));

        Expect("replayed a", "recovered at 1");
    }

    [Fact]
    public void Two_actors_of_different_ids_do_not_see_each_other()
    {
        IActorRef first = Start("recovered at 0");
        first.Tell(new Journalist.Write("a"), ActorRefs.NoSender);
        Expect("wrote a as 1");

        Sys.ActorOf(Journalist.PropsFor(_id + "-other", TestActor));

        Expect("recovered at 0");
    }

    private IActorRef Start(params string[] expected)
    {
        IActorRef actor = Sys.ActorOf(Journalist.PropsFor(_id, TestActor));
        Expect(expected);
        return actor;
    }

    private void Stop(IActorRef actor)
    {
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        Unwatch(actor);
    }

    private void Expect(params string[] messages)
    {
        foreach (string message in messages) ExpectMsg(message);
    }
}
