namespace Cluster.Messages.DataPlane;

/// <summary>The places of one actor.</summary>
/// <param name="vectors">Its node's exchange.</param>
/// <param name="context">The actor's; used while it handles a message.</param>
public sealed class ActorPlaces(VectorExchange vectors, IActorContext context) : IVectorPlaces
{
    /// <inheritdoc/>
    public bool Expect(VectorHandle handle, Memory<byte> place, object arrived) => vectors.Expect(handle, place, context.Self, arrived, context.Sender);

    /// <inheritdoc/>
    public Task Forget(VectorHandle handle) => vectors.Forget(handle);
}
