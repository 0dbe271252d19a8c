namespace Cluster.Coordinator.Database;

/// <summary>Cuts what is written to it into blocks.</summary>
/// <param name="store">Takes the next block: its number from 0, and its bytes.</param>
internal sealed class BlockWriter(Action<long, byte[]> store) : Stream
{
    private readonly byte[] _block = new byte[StoredObjects.BlockBytesMax];
    private int _filled;
    private long _blocks;
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _length += buffer.Length;
        while (buffer.Length > 0)
        {
            int count = Math.Min(buffer.Length, _block.Length - _filled);
            buffer[..count].CopyTo(_block.AsSpan(_filled));
            buffer = buffer[count..];
            _filled += count;
            if (_filled == _block.Length) Complete();
        }
    }

    /// <summary>Stores what has gathered for a block.</summary>
    public void Complete()
    {
        if (_filled == 0) return;
        store(_blocks++, _block[.._filled]);
        _filled = 0;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
