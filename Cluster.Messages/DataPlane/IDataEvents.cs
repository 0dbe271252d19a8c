namespace Cluster.Messages.DataPlane;

/// <summary>What a node hears from its data plane. Called by the threads that read and write: an actor is told, and no more.</summary>
public interface IDataEvents
{
    /// <summary>Numbers of a vector lie in their place, checked.</summary>
    /// <param name="from">Who sent them.</param>
    /// <param name="key">Which vector.</param>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="length">How many bytes they are.</param>
    /// <param name="isWhole">Whether the vector is complete with them; its place is then closed.</param>
    void OnReceived(DataPeer from, VectorKey key, int offset, int length, bool isWhole);

    /// <summary>A connection is over, or did not come about. What was expected over it may never come; what was to be sent has failed.</summary>
    /// <param name="peer">The other side's name, or its address if it has not said its name.</param>
    /// <param name="isOutgoing">Whether this node sends over it, or receives.</param>
    /// <param name="reason">Why.</param>
    void OnEnded(string peer, bool isOutgoing, string reason);
}
