using System.Diagnostics;

namespace Cluster.Actors.TestKit;

/// <summary>Expectations about what an actor has been sent. Waiting is in real time, each wait with a deadline.</summary>
public abstract partial class TestKitBase : IDisposable
{
    private readonly TestQueue _queue = new();
    private TimeSpan? _end;
    private MessageEnvelope? _last;

    private protected TestKitBase(ActorSystem system, string name)
    {
        Sys = system;
        EmbeddedActorSystem embedded = (EmbeddedActorSystem)system;
        TestQueue queue = _queue;
        TestActor = embedded.Provider.SystemGuardianRef.Cell.MakeChild(
            Props.Create(() => new InternalTestActor(queue)), name, ActorDispatcher.CallingThread);
    }

    /// <summary>The system under test.</summary>
    public ActorSystem Sys { get; }

    /// <summary>The actor whose messages are expected here.</summary>
    public IActorRef TestActor { get; }

    public ILoggingAdapter Log => Sys.Log;

    public bool HasMessages => _queue.Count > 0;

    public object? LastMessage => _last?.Message;

    public IActorRef LastSender => _last?.Sender ?? throw new TestKitException("LastSender: wanted a message to have been received, got none.");

    /// <summary>How long an expectation waits where it is not told. It ends with its message: only what fails takes so long, and a busy machine has time.</summary>
    public TimeSpan DefaultTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long <see cref="ExpectNoMsg()"/> waits where it is not told.</summary>
    public TimeSpan NoMessageTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>By how much all waits are stretched on a slow machine.</summary>
    public double TestTimeFactor { get; init; } = 1.0;

    /// <summary>What is left of the surrounding <see cref="Within(TimeSpan, Action)"/>.</summary>
    public TimeSpan Remaining => _end is { } end ? Max(end - Clock, TimeSpan.Zero) : throw new InvalidOperationException("Remaining: wanted to be inside Within, got outside.");

    public TimeSpan RemainingOrDefault => _end is { } end ? Max(end - Clock, TimeSpan.Zero) : DefaultTimeout;

    private static TimeSpan Clock => Stopwatch.GetElapsedTime(0);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    public TimeSpan Dilated(TimeSpan duration) => duration * TestTimeFactor;

    public TimeSpan RemainingOrDilated(TimeSpan? duration) => duration is { } given ? Dilated(given) : RemainingOrDefault;

    public IActorRef ActorOf(Props props, string? name = null) => Sys.ActorOf(props, name);

    public IActorRef ActorOf<TActor>(string? name = null)
        where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>(), name);

    public IActorRef ActorOf<TActor>(System.Linq.Expressions.Expression<Func<TActor>> factory, string? name = null)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory), name);

    /// <summary>Creates a child of the test actor, which is then its supervisor.</summary>
    public IActorRef ChildActorOf(Props props, string? name = null)
    {
        TaskCompletionSource<IActorRef> made = new();
        TestActor.Tell(new InternalTestActor.MakeChild(props, name, made), ActorRefs.NoSender);
        return made.Task.WaitAsync(DefaultTimeout).GetAwaiter().GetResult();
    }

    public IActorRef ChildActorOf<TActor>(string? name = null)
        where TActor : ActorBase, new() => ChildActorOf(Props.Create<TActor>(), name);

    public TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    public TestProbe CreateTestProbe(ActorSystem system, string? name = null) =>
        new(system, name ?? NextProbeName()) { DefaultTimeout = DefaultTimeout, TestTimeFactor = TestTimeFactor };

    public IActorRef Watch(IActorRef actorToWatch)
    {
        TestActor.Tell(new InternalTestActor.WatchRequest(actorToWatch), ActorRefs.NoSender);
        return actorToWatch;
    }

    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        TestActor.Tell(new InternalTestActor.UnwatchRequest(actorToUnwatch), ActorRefs.NoSender);
        return actorToUnwatch;
    }

    public void SetAutoPilot(AutoPilot pilot) => TestActor.Tell(new InternalTestActor.SetAutoPilot(pilot), ActorRefs.NoSender);

    /// <summary>Messages that are not to be queued.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) =>
        TestActor.Tell(new InternalTestActor.SetIgnore(shouldIgnoreMessage), ActorRefs.NoSender);

    public void IgnoreNoMessages() => TestActor.Tell(new InternalTestActor.SetIgnore(null), ActorRefs.NoSender);

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _queue.Dispose();
    }

    private static long s_probes;

    private static string NextProbeName() => "testProbe" + Interlocked.Increment(ref s_probes).ToString(CultureInfo.InvariantCulture);

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
