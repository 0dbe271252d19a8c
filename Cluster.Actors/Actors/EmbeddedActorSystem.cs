using System.Security.Cryptography;

namespace Cluster.Actors;

/// <summary>The actor system of this engine.</summary>
internal sealed class EmbeddedActorSystem : ExtendedActorSystem
{
    private readonly EmbeddedSetup _setup;
    private readonly TaskCompletionSource _terminated;
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly ActorScheduler _scheduler;
    private readonly Lock _terminationGate = new();
    private Action? _onTermination;
    private long _uids;
    private long _jitters;

    internal EmbeddedActorSystem(string name, EmbeddedSetup setup)
    {
        if (!Actors.ActorPath.IsValidPathElement(name) || !char.IsAsciiLetterOrDigit(name[0]))
            throw new ArgumentException($"ActorSystem: wanted a name of letters, digits and -, got '{name}'; rename it.", nameof(name));
        Name = name;
        _setup = setup;
        Uid = setup.Uid != 0 ? setup.Uid : RandomNumberGenerator.GetInt32(1, int.MaxValue);
        Dispatcher = setup.Dispatcher;
        TimeProvider = setup.TimeProvider;
        RoutedNetwork = setup.Network is { RoutesForeignRefs: true } ? setup.Network : null;
        _terminated = new(setup.Dispatcher.ContinuesInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
        _scheduler = setup.Scheduler?.Invoke(setup.TimeProvider) ?? new ActorScheduler(setup.TimeProvider);
        _scheduler.StopWhen(() => _terminated.Task.IsCompleted);
        EventStream = new EventStream();
        Log = new BusLogging(this, $"ActorSystem({name})", typeof(ActorSystem));
        Provider = new ActorRefProvider(this, setup);
        DeadLettersRef = Provider.DeadLetterRef;
        Serialization = new Serialization.Serialization(this);
        Provider.Start();
        if (setup.LogWriter is { } writer)
            EventStream.Subscribe<LogEvent>(new LogWriterRef(Provider, writer, setup.LogLevel));
    }

    public override string Name { get; }

    public override IScheduler Scheduler => _scheduler;

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters => DeadLettersRef;

    public override ILoggingAdapter Log { get; }

    public override Serialization.Serialization Serialization { get; }

    public override TimeSpan Uptime => _scheduler.MonotonicClock;

    public override Task WhenTerminated => _terminated.Task;

    public override ActorRefProvider Provider { get; }

    public override IActorRef Guardian => Provider.UserGuardian;

    public override IActorRef SystemGuardian => Provider.SystemGuardianRef;

    public override EmbeddedSetup Setup => _setup;

    internal int Uid { get; }

    internal ActorDispatcher Dispatcher { get; }

    internal TimeProvider TimeProvider { get; }

    /// <summary>The network, where even references of other systems in this process must go through it.</summary>
    internal NodeNetwork? RoutedNetwork { get; }

    internal DeadLetterActorRef DeadLettersRef { get; }

    internal LogLevel LogLevel => _setup.LogLevel;

    internal DateTimeOffset Now => _scheduler.Now;

    internal bool IsTerminated => _terminated.Task.IsCompleted;

    public override IActorRef ActorOf(Props props, string? name = null) => Provider.UserGuardian.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) => Provider.SystemGuardianRef.Cell.ActorOf(props, name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => Actors.ActorSelection.Of(Provider, actorPath);

    public override ActorSelection ActorSelection(string actorPath) => Actors.ActorSelection.Resolve(Provider, Provider.RootRef, actorPath);

    public override void Stop(IActorRef actor) => ActorRefBase.Of(actor).Stop();

    public override Task Terminate()
    {
        if (!IsTerminated)
            _ = CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        return WhenTerminated;
    }

    public override void RegisterOnTermination(Action code)
    {
        lock (_terminationGate)
        {
            if (!IsTerminated)
            {
                _onTermination += code;
                return;
            }
        }

        code();
    }

    public override object RegisterExtension(IExtensionId extension) =>
        _extensions.GetOrAdd(extension.ExtensionType, _ => new Lazy<object>(() => extension.CreateExtension(this))).Value;

    public override T? GetExtension<T>()
        where T : class => _extensions.TryGetValue(typeof(T), out Lazy<object>? made) ? (T)made.Value : null;

    public override bool HasExtension<T>() => _extensions.ContainsKey(typeof(T));

    /// <summary>Ends all actors, without the coordinated shutdown.</summary>
    internal Task FinalTerminate()
    {
        Provider.UserGuardian.Stop();
        return WhenTerminated;
    }

    /// <summary>Called when the last actor has ended.</summary>
    internal void Ended()
    {
        if (Provider.Gateway is not { } gateway)
        {
            Complete();
            return;
        }

        _setup.Network!.Unregister(gateway);
        Task flushed = _setup.Network.Flush(gateway);
        if (flushed.IsCompleted)
            Complete();
        else
            flushed.GetAwaiter().OnCompleted(Complete);
    }

    private void Complete()
    {
        Action? actions;
        lock (_terminationGate)
        {
            actions = _onTermination;
            _onTermination = null;
        }

        actions?.Invoke();
        _terminated.TrySetResult();
    }

    /// <summary>A number that no other actor of this life of the node has, and that another life would not choose.</summary>
    internal long NextUid()
    {
        ulong mixed = Mix(((ulong)Uid << 32) ^ (ulong)Interlocked.Increment(ref _uids));
        return (long)(mixed >> 2) + 1;
    }

    /// <summary>In [0, 1), the same sequence for the same Uid.</summary>
    internal double NextJitter() => (Mix(((ulong)Uid << 32) ^ (ulong)Interlocked.Increment(ref _jitters) ^ 0xA5A5_0000_0000_0000UL) >> 11) * (1.0 / (1UL << 53));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _ = Terminate();
        base.Dispose(disposing);
    }

    // SplitMix64's finaliser.
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15UL;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }
}
