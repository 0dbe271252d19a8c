using System.Buffers;
using System.Runtime.Serialization;

namespace Cluster.Actors;

/// <summary>A frame that is being written, or waits to be sent, in a buffer of the shared pool, or one for blocks where it is long.</summary>
internal sealed class OutgoingFrame(int bytesMax) : IBufferWriter<byte>, IDisposable
{
    private const int BytesMin = 512;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BytesMin);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, Length);

    public Span<byte> Written(int start, int length) => _buffer.AsSpan(start, length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(Length);
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        Return(buffer);
    }

    private void Reserve(int sizeHint)
    {
        int wanted = Length + Math.Max(1, sizeHint);
        if (wanted <= _buffer.Length) return;
        if (wanted > bytesMax) throw new SerializationException($"frame: wanted at most {bytesMax} bytes, got at least {wanted}; send less at once.");
        byte[] larger = LongBuffers.Fits(wanted) ? LongBuffers.Rent() : ArrayPool<byte>.Shared.Rent(Math.Max(wanted, 2 * _buffer.Length));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length == LongBuffers.Bytes) LongBuffers.Return(buffer);
        else if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }
}
