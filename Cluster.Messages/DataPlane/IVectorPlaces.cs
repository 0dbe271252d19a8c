namespace Cluster.Messages.DataPlane;

/// <summary>Opens places for the numbers of messages that came with a handle. What waits for numbers decides with it alone, and needs no actor.</summary>
public interface IVectorPlaces
{
    /// <summary>Opens a place. When the numbers lie there, the actor is told a message, in the name of the sender of the message that it handles now.</summary>
    /// <param name="handle">Which numbers.</param>
    /// <param name="place">Where they go: as long as the handle says.</param>
    /// <param name="arrived">What the actor is told.</param>
    /// <returns>False if the same numbers are awaited already, or no place can be opened.</returns>
    bool Expect(VectorHandle handle, Memory<byte> place, object arrived);

    /// <summary>Gives a place up. Its memory is not written any more once the task is completed.</summary>
    Task Forget(VectorHandle handle);
}
