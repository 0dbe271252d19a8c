using Cluster.Messages.DataPlane;

namespace Cluster.Worker.Tests;

/// <summary>Places that a test fills by itself.</summary>
internal sealed class FakePlaces : IVectorPlaces
{
    private readonly Queue<(VectorHandle Handle, Memory<byte> Place, object Arrived)> _open = [];

    public int Opened { get; private set; }

    public int Forgotten { get; private set; }

    /// <summary>Completes the promises that places are not written any more; by default they are not.</summary>
    public Task Quiet { get; set; } = Task.CompletedTask;

    public bool Expect(VectorHandle handle, Memory<byte> place, object arrived)
    {
        Opened++;
        _open.Enqueue((handle, place, arrived));
        return true;
    }

    public Task Forget(VectorHandle handle)
    {
        Forgotten++;
        return Quiet;
    }

    /// <summary>Puts numbers into the place that was opened first, and gives the message that tells of it.</summary>
    public object Arrive(ReadOnlyMemory<byte> numbers)
    {
        (_, Memory<byte> place, object arrived) = _open.Dequeue();
        numbers.CopyTo(place);
        return arrived;
    }
}
