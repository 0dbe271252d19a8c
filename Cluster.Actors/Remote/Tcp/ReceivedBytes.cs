using System.Buffers;

namespace Cluster.Actors;

/// <summary>
/// The bytes of a long message as they came, in a buffer that its last reader gives back by disposing of their owner
/// (MemoryMarshal.TryGetMemoryManager finds it). Whoever reads later gets an exception, never
/// another message's bytes. Where nobody gives them back, they are garbage like any other array.
/// </summary>
internal sealed class ReceivedBytes(byte[] buffer, int length) : MemoryManager<byte>
{
    private byte[]? _buffer = buffer;

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(ReceivedBytes), "wanted the bytes of a message, got one whose reader has copied them and let them go");

    public override Memory<byte> Memory => CreateMemory(length);

    public override Span<byte> GetSpan() => Buffer.AsSpan(0, length);

    public override MemoryHandle Pin(int elementIndex = 0) => Buffer.AsMemory(elementIndex).Pin();

    public override void Unpin()
    {
        // The array's own handle holds the pin.
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } free) LongBuffers.Return(free);
    }
}
