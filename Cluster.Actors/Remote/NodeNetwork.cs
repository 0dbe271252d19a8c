using Cluster.Actors.Serialization;

namespace Cluster.Actors;

/// <summary>One message on its way between two nodes.</summary>
/// <param name="From">The sending node.</param>
/// <param name="FromUid">Which life of it.</param>
/// <param name="To">The receiving node.</param>
/// <param name="Recipient">The receiving actor.</param>
/// <param name="Sender">Who sent it; null for nobody.</param>
/// <param name="Message">A user message, or one of the engine's own.</param>
public sealed record NodeEnvelope(Address From, int FromUid, Address To, ActorPath Recipient, IActorRef? Sender, object Message);

/// <summary>A node as its network sees it.</summary>
public interface INodeEndpoint
{
    Address Address { get; }

    /// <summary>Which life of the node at this address.</summary>
    int Uid { get; }

    /// <summary>How the node turns messages into bytes and back.</summary>
    Serialization.Serialization Serialization { get; }

    /// <summary>Delivers to the actor; never waits, never throws for a bad recipient.</summary>
    void Receive(NodeEnvelope envelope);

    /// <summary>Another node has refused this one's connection: another protocol, cluster or key. Trying again will not help.</summary>
    void Refused(Address by, string reason);

    /// <summary>Nobody takes connections at the address. It may be tried again; it says nothing certain about the node.</summary>
    void Unreachable(Address to);
}

/// <summary>
/// How actor systems reach each other: at most once, in order for each pair of actors, never blocking the sender.
/// One network serves all nodes of a process.
/// </summary>
public abstract class NodeNetwork
{
    /// <summary>
    /// Whether a reference that was passed inside a message must go through the network too. A simulation needs it, since
    /// otherwise a message by reference would be a wire that never fails.
    /// </summary>
    public virtual bool RoutesForeignRefs => false;

    public abstract void Register(INodeEndpoint node);

    public abstract void Unregister(INodeEndpoint node);

    public abstract void Send(NodeEnvelope envelope);

    /// <summary>Completes when the last words of a node that was unregistered have left, or have no hope to.</summary>
    public virtual Task Flush(INodeEndpoint node) => Task.CompletedTask;

    /// <summary>The node whose code runs now, where it is another than the owner; null otherwise.</summary>
    internal virtual NodeGateway? ForeignNode(EmbeddedActorSystem owner) => null;

    /// <summary>The node whose code runs now; null where that is unknown.</summary>
    internal virtual NodeGateway? RunningNode => null;

    /// <summary>The envelope as it comes out of the receiver's serializer; as it is where no serializer knows the message.</summary>
    protected static NodeEnvelope Copy(NodeEnvelope envelope, INodeEndpoint sender, INodeEndpoint receiver)
    {
        SerializedMessage? bytes = sender.Serialization.TrySerialize(envelope.Message);
        return bytes is null ? envelope : envelope with { Message = receiver.Serialization.Deserialize(bytes.Bytes, bytes.SerializerId, bytes.Manifest) };
    }
}

/// <summary>The network of several nodes in one process.</summary>
/// <param name="serialize">Whether messages are turned into bytes and back, as between processes; by reference otherwise.</param>
public sealed class InProcessNetwork(bool serialize = false) : NodeNetwork
{
    private readonly ConcurrentDictionary<Address, INodeEndpoint> _nodes = new();

    public override void Register(INodeEndpoint node)
    {
        if (!_nodes.TryAdd(node.Address, node))
            throw new InvalidOperationException($"InProcessNetwork: wanted a new address, got {node.Address}, which is taken; choose another host or port.");
    }

    public override void Unregister(INodeEndpoint node) => _nodes.TryRemove(new KeyValuePair<Address, INodeEndpoint>(node.Address, node));

    public override void Send(NodeEnvelope envelope)
    {
        if (!_nodes.TryGetValue(envelope.To, out INodeEndpoint? receiver))
            return;
        if (serialize && _nodes.TryGetValue(envelope.From, out INodeEndpoint? sender) && !TryCopy(ref envelope, sender, receiver))
            return;
        receiver.Receive(envelope);
    }

    /// <summary>False where a serializer failed: that is its author's error, which must not fail the sender.</summary>
    private static bool TryCopy(ref NodeEnvelope envelope, INodeEndpoint sender, INodeEndpoint receiver)
    {
        try
        {
            envelope = Copy(envelope, sender, receiver);
            return true;
        }
        catch (Exception cause)
        {
            sender.Serialization.System.Log.Error(cause, "Serialization of {0} to {1} failed: {2}", envelope.Message.GetType(), envelope.To, cause.Message);
            return false;
        }
    }
}
