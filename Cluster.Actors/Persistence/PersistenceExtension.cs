using Cluster.Actors.Persistence.Storage;

namespace Cluster.Actors.Persistence;

/// <summary>The store of a system and how events become bytes.</summary>
internal sealed class PersistenceExtension : IExtension
{
    private PersistenceExtension(ExtendedActorSystem system)
    {
        // As in Akka.NET, a system that was given no journal keeps its events in memory.
        PersistenceSetup setup = system.Setup.Get<PersistenceSetup>()
            ?? new PersistenceSetup(new MemoryPersistence().Open(system.Setup.TimeProvider));
        Store = setup.Store;
        RecoveryEventTimeout = setup.RecoveryEventTimeout;
        Codec = new EventCodec(system);
        system.RegisterOnTermination(Store.Dispose);
    }

    public IPersistenceStore Store { get; }

    public TimeSpan RecoveryEventTimeout { get; }

    public EventCodec Codec { get; }

    public static PersistenceExtension Get(ActorSystem system) => system.WithExtension<PersistenceExtension, Id>();

    private sealed class Id : ExtensionIdProvider<PersistenceExtension>
    {
        public override PersistenceExtension CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
