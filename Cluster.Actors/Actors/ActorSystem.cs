namespace Cluster.Actors;

/// <summary>A tree of actors with its clock, its event stream and its name.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    private protected ActorSystem()
    {
    }

    public abstract string Name { get; }

    public abstract IScheduler Scheduler { get; }

    public abstract EventStream EventStream { get; }

    public abstract IActorRef DeadLetters { get; }

    public abstract ILoggingAdapter Log { get; }

    public abstract Serialization.Serialization Serialization { get; }

    /// <summary>Since the system started.</summary>
    public abstract TimeSpan Uptime { get; }

    /// <summary>Completes when all actors have ended.</summary>
    public abstract Task WhenTerminated { get; }

    public static ActorSystem Create(string name) => Create(name, new EmbeddedSetup());

    /// <summary>Starts a system; the embedded engine's own entry.</summary>
    public static ActorSystem Create(string name, EmbeddedSetup setup) => new EmbeddedActorSystem(name, setup);

    public abstract IActorRef ActorOf(Props props, string? name = null);

    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    public abstract ActorSelection ActorSelection(string actorPath);

    public abstract void Stop(IActorRef actor);

    /// <summary>Runs the coordinated shutdown, whose last phase ends all actors.</summary>
    public abstract Task Terminate();

    public abstract void RegisterOnTermination(Action code);

    /// <summary>The extension, made at the first call.</summary>
    public abstract object RegisterExtension(IExtensionId extension);

    public abstract T? GetExtension<T>()
        where T : class, IExtension;

    public abstract bool HasExtension<T>()
        where T : class, IExtension;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>What extensions see of a system.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    private protected ExtendedActorSystem()
    {
    }

    public abstract ActorRefProvider Provider { get; }

    /// <summary>The parent of the application's actors.</summary>
    public abstract IActorRef Guardian { get; }

    /// <summary>The parent of the engine's own actors.</summary>
    public abstract IActorRef SystemGuardian { get; }

    /// <summary>What the system was given when it was created.</summary>
    public abstract EmbeddedSetup Setup { get; }

    /// <summary>Creates an actor below /system.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);
}
