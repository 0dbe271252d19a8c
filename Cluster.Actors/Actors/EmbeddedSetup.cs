using Cluster.Actors.Serialization;

namespace Cluster.Actors;

/// <summary>All that an actor system is given from outside: clock, threads, network, storage.</summary>
public sealed record EmbeddedSetup
{
    private ImmutableDictionary<Type, object> _parts = ImmutableDictionary<Type, object>.Empty;

    /// <summary>Clock and timers.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where actors run.</summary>
    public ActorDispatcher Dispatcher { get; init; } = ActorDispatcher.ThreadPool;

    /// <summary>How this node reaches others; null for a system by itself.</summary>
    public NodeNetwork? Network { get; init; }

    /// <summary>The node's name in the network.</summary>
    public string Host { get; init; } = "";

    /// <summary>The node's port in the network.</summary>
    public int Port { get; init; }

    /// <summary>Tells this life of the node from others at the same address; chosen by chance where 0.</summary>
    public int Uid { get; init; }

    /// <summary>Serializers for messages that leave the process.</summary>
    public Func<ExtendedActorSystem, IEnumerable<SerializerDetails>> Serializers { get; init; } = static _ => [];

    /// <summary>The least important lines that are still written.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.InfoLevel;

    /// <summary>Where log lines go besides the event stream; null for nowhere.</summary>
    public Action<LogEvent>? LogWriter { get; init; }

    /// <summary>Overrides the scheduler, for tests with a clock of their own.</summary>
    internal Func<TimeProvider, ActorScheduler>? Scheduler { get; init; }

    /// <summary>The set-up of an extension, by its type; null where there is none.</summary>
    public T? Get<T>()
        where T : class => _parts.TryGetValue(typeof(T), out object? part) ? (T)part : null;

    /// <summary>Adds the set-up of an extension.</summary>
    public EmbeddedSetup With<T>(T part)
        where T : class => this with { _parts = _parts.SetItem(typeof(T), part) };
}
