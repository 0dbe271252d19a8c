namespace Cluster.Actors.TestKit;

/// <summary>The base of actor tests: a system of its own, stopped with the test, and a test actor.</summary>
public class TestKit : TestKitBase
{
    private readonly bool _ownsSystem;

    public TestKit()
        : this("", null)
    {
    }

    /// <param name="config">Text in which only the name TestScheduler matters: it asks for virtual time.</param>
    /// <param name="actorSystemName">The system's name; test where null.</param>
    public TestKit(string config, string? actorSystemName = null)
        : this(ActorSystem.Create(actorSystemName ?? "test", SetupFor(config)), true)
    {
    }

    public TestKit(EmbeddedSetup setup, string? actorSystemName = null)
        : this(ActorSystem.Create(actorSystemName ?? "test", setup), true)
    {
    }

    public TestKit(ActorSystem system)
        : this(system, false)
    {
    }

    private TestKit(ActorSystem system, bool owns)
        : base(system, "testActor" + Guid.NewGuid().ToString("N"))
    {
        _ownsSystem = owns;
        // As in a test of Akka's kit, a Tell from the test itself comes from the test actor.
        ActorCell.ImplicitSender = TestActor;
    }

    /// <summary>Ends the system, and waits for its end.</summary>
    public void Shutdown(ActorSystem? system = null, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        ActorSystem ending = system ?? Sys;
        Task ended = ((EmbeddedActorSystem)ending).FinalTerminate();
        bool inTime = ended.Wait(duration ?? TimeSpan.FromSeconds(5));
        if (!inTime && verifySystemShutdown)
            throw new TestKitException($"Shutdown: wanted {ending.Name} to end within {duration ?? TimeSpan.FromSeconds(5)}, got no end.");
    }

    protected virtual void AfterAll()
    {
        if (_ownsSystem)
            Shutdown();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            AfterAll();
            if (ReferenceEquals(ActorCell.ImplicitSender, TestActor))
                ActorCell.ImplicitSender = null;
        }

        base.Dispose(disposing);
    }

    private static EmbeddedSetup SetupFor(string config) => config.Contains("TestScheduler", StringComparison.Ordinal)
        ? new EmbeddedSetup { TimeProvider = new ManualTimeProvider(), Scheduler = static time => new TestScheduler((ManualTimeProvider)time) }
        : new EmbeddedSetup();
}
