namespace Cluster.Actors.TestKit;

/// <summary>An actor of a test: it is sent to, answers, and tells what came.</summary>
public sealed class TestProbe : TestKitBase, IActorRef, IWrapsActorRef
{
    internal TestProbe(ActorSystem system, string name)
        : base(system, name)
    {
    }

    public IActorRef Ref => TestActor;

    /// <summary>Who sent the last message that was looked at.</summary>
    public IActorRef Sender => LastSender;

    public ActorPath Path => TestActor.Path;

    IActorRef IWrapsActorRef.Wrapped => TestActor;

    /// <summary>Sends with the probe as the sender.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    public void Reply(object message) => LastSender.Tell(message, TestActor);

    public void Forward(IActorRef actor) => Forward(actor, LastMessage!);

    public void Forward(IActorRef actor, object message) => actor.Tell(message, LastSender);

    public void Tell(object message, IActorRef? sender) => TestActor.Tell(message, sender);

    public bool Equals(IActorRef? other) => TestActor.Equals(other is TestProbe probe ? probe.TestActor : other);

    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    public override int GetHashCode() => TestActor.GetHashCode();

    public int CompareTo(IActorRef? other) => TestActor.CompareTo(other);

    public int CompareTo(object? obj) => TestActor.CompareTo(obj);

    public override string ToString() => TestActor.ToString()!;

    public static bool operator ==(TestProbe? left, TestProbe? right) => Equals(left, right);

    public static bool operator !=(TestProbe? left, TestProbe? right) => !Equals(left, right);

    public static bool operator <(TestProbe? left, TestProbe? right) => Comparer<IActorRef>.Default.Compare(left, right) < 0;

    public static bool operator >(TestProbe? left, TestProbe? right) => Comparer<IActorRef>.Default.Compare(left, right) > 0;

    public static bool operator <=(TestProbe? left, TestProbe? right) => Comparer<IActorRef>.Default.Compare(left, right) <= 0;

    public static bool operator >=(TestProbe? left, TestProbe? right) => Comparer<IActorRef>.Default.Compare(left, right) >= 0;
}
