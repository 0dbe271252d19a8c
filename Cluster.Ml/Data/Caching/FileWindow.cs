using Microsoft.Win32.SafeHandles;

namespace Cluster.Ml.Data.Caching;

/// <summary>A piece of a file in memory, which follows what is looked at. For one thread.</summary>
/// <remarks>Cost  pieces of up to <see cref="BytesMax"/> where one look comes after another in the file, 4 KiB where it does not</remarks>
internal sealed class FileWindow(SafeFileHandle file)
{
    public const int BytesMax = 1 << 18;

    private const int BytesMin = 4096;

    private byte[] _bytes = [];
    private long _start;
    private int _filled;
    private int _ahead;

    /// <summary>Some bytes of the file. They hold until the next are looked at.</summary>
    /// <exception cref="IOException">The file cannot be read, or ends before.</exception>
    public ReadOnlySpan<byte> At(long offset, int length)
    {
        if (offset < _start || offset + length > _start + _filled) Fill(offset, length);
        return _bytes.AsSpan((int)(offset - _start), length);
    }

    private void Fill(long offset, int length)
    {
        bool goesOn = offset >= _start && offset <= _start + _filled + BytesMax;
        _ahead = goesOn ? Math.Clamp(2 * _ahead, BytesMin, BytesMax) : BytesMin;
        int wanted = Math.Max(length, _ahead);
        if (_bytes.Length < wanted) _bytes = new byte[wanted];
        (_start, _filled) = (offset, 0);
        while (_filled < length)
        {
            int count = RandomAccess.Read(file, _bytes.AsSpan(_filled, wanted - _filled), offset + _filled);
            if (count == 0) throw new IOException("a row cache became shorter while it was read");
            _filled += count;
        }
    }
}
