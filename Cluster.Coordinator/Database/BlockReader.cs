namespace Cluster.Coordinator.Database;

/// <summary>Reads blocks one after another as if they were one piece.</summary>
/// <param name="length">How many bytes they have together.</param>
/// <param name="load">Gives the block of a number, from 0.</param>
internal sealed class BlockReader(long length, Func<long, byte[]> load) : Stream
{
    private byte[] _block = [];
    private int _taken;
    private long _next;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_taken == _block.Length)
        {
            if (_position == length) return 0;
            (_block, _taken) = (load(_next++), 0);
        }
        int count = Math.Min(buffer.Length, _block.Length - _taken);
        _block.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        _position += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
