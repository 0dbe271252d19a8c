namespace Cluster.Actors.Tests;

public sealed class EventStreamTests : ActorTestKit
{
    [Fact]
    public void A_subscriber_gets_its_class_and_all_below_it_once()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Animal));
        Sys.EventStream.Subscribe(TestActor, typeof(Dog));
        Sys.EventStream.Publish(new Dog());
        Sys.EventStream.Publish(new Cat());
        Sys.EventStream.Publish("not an animal");
        Sys.EventStream.Publish(new Animal());
        ExpectMsg<Dog>();
        ExpectMsg<Cat>();
        ExpectMsg<Animal>().ShouldBeOfType<Animal>();
        TestActor.Tell("end");
        ExpectMsg("end");
    }

    [Fact]
    public void Interfaces_count_as_classes()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(ILoud));
        Sys.EventStream.Publish(new Cat());
        Sys.EventStream.Publish(new Dog());
        ExpectMsg<Dog>();
    }

    [Fact]
    public void After_unsubscribe_nothing_comes()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Animal));
        Sys.EventStream.Publish(new Dog());
        ExpectMsg<Dog>();
        Sys.EventStream.Unsubscribe(TestActor, typeof(Animal));
        Sys.EventStream.Publish(new Dog());
        TestActor.Tell("end");
        ExpectMsg("end");
    }

    [Fact]
    public void Log_lines_are_events_with_the_actors_path()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Complainer()), "complainer");
        actor.Tell(3);
        Warning warning = ExpectMsg<Warning>();
        warning.Message.ToString().ShouldBe("wanted 2, got 3");
        warning.LogSource.ShouldContain("/user/complainer");
    }

    private class Animal;

    private sealed class Dog : Animal, ILoud;

    private sealed class Cat : Animal;

    private interface ILoud;

    private sealed class Complainer : ReceiveActor
    {
        private readonly ILoggingAdapter _log = Context.GetLogger();

        public Complainer() => Receive<int>(number => _log.Warning("wanted {0}, got {1}", 2, number));
    }
}
