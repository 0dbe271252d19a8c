using Akka.Configuration;
using Akka.Remote.Transport;

namespace Cluster.Messages.Node;

/// <summary>Replaces the network transport in a cluster of one node: it listens nowhere and connects to nothing.</summary>
public sealed class AloneTransport : Transport
{
    private readonly string _system;

    /// <summary>Made by the engine.</summary>
    /// <param name="system">The system.</param>
    /// <param name="settings">Of the transport: <c>payload-bytes</c> is the most that a message may have.</param>
    public AloneTransport(ActorSystem system, Config settings)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(settings);
        (System, Config, _system) = (system, settings, system.Name);
        SchemeIdentifier = "alone";
        MaximumPayloadBytes = settings.GetByteSize("payload-bytes", null) ?? Wire.Limits.MessageBytesMax;
    }

    /// <inheritdoc/>
    public override Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen() =>
        Task.FromResult((new Address(SchemeIdentifier, _system, "local", 1), new TaskCompletionSource<IAssociationEventListener>(TaskCreationOptions.RunContinuationsAsynchronously)));

    /// <inheritdoc/>
    public override bool IsResponsibleFor(Address remote) => true;

    /// <inheritdoc/>
    public override Task<AssociationHandle> Associate(Address remoteAddress) =>
        Task.FromException<AssociationHandle>(new InvalidAssociationException($"{remoteAddress}: wanted nobody to speak to, for this node is a cluster alone."));

    /// <inheritdoc/>
    public override Task<bool> Shutdown() => Task.FromResult(true);
}
