using Cluster.Actors.Persistence.Storage;

namespace Cluster.Actors.Persistence;

/// <summary>The store of a system and how events become bytes.</summary>
internal sealed class PersistenceExtension : IExtension
{
    private PersistenceExtension(ExtendedActorSystem system)
    {
        PersistenceSetup setup = system.Setup.Get<PersistenceSetup>() ?? throw new InvalidOperationException(
            $"{system.Name}: wanted a journal for its persistent actors, got none; create the system with setup.With(new PersistenceSetup(store)).");
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
