using System.Buffers;
using System.Runtime.InteropServices;
using Cluster.Messages.Identifiers;

namespace Cluster.Messages.Wire;

/// <summary>What became of a block that was offered to an assembly.</summary>
public enum BlockOutcome
{
    /// <summary>It was needed; others are missing.</summary>
    Added,

    /// <summary>It was the last one missing: the vector is whole.</summary>
    Completed,

    /// <summary>It was there already, and is ignored.</summary>
    Duplicate,

    /// <summary>It is no block of this vector; <see cref="BlockAssembly.Failure"/> says why. The assembly is as it was.</summary>
    Refused,
}

/// <summary>Puts the blocks of one vector together, in whatever order and however often they come.</summary>
/// <remarks>
/// Shapes    blocks as <see cref="Blocks"/> cuts them → one vector
/// Range     at most the bytes given to the constructor; a block of another shape is refused, never an exception
/// Cost      nothing is copied while the blocks are slices of one array that lie side by side (a sender in this process);
///           else each byte is copied once, into a buffer that is kept from round to round
/// Differs   from a stream in that it belongs to one actor: not safe for several threads
/// </remarks>
public sealed class BlockAssembly
{
    private readonly int _bytesMax;
    private ulong[] _present = new ulong[1];
    private byte[] _owned = [];
    private byte[]? _shared;        // the sender's array, while every block so far is a slice of it in its place
    private int _sharedStart;       // where the vector begins in it
    private int _expectedBytes;     // −1 if only the last block will tell
    private int _mostBytes;         // of this vector
    private int _lastBytes;         // bytes of the last block; −1 until it has come
    private int _blocks;            // 0 until the first block has come
    private bool _copied;

    /// <summary>An assembly for vectors of at most <paramref name="bytesMax"/> bytes; nothing is allocated yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than <see cref="Limits.VectorBytesMax"/>.</exception>
    public BlockAssembly(int bytesMax = Limits.VectorBytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytesMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytesMax, Limits.VectorBytesMax);
        _bytesMax = bytesMax;
        Begin();
    }

    /// <summary>How the vector's numbers are stored; 0 until the first block has come.</summary>
    public PayloadKind Kind { get; private set; }

    /// <summary>Blocks still missing; before the first block, 1.</summary>
    public int Missing { get; private set; }

    /// <summary>Whether the vector is whole.</summary>
    public bool IsComplete => Missing == 0;

    /// <summary>Whether the vector is the sender's own memory: then the sender must leave it alone while it is read.</summary>
    public bool IsShared => _blocks > 0 && !_copied;

    /// <summary>Why the last block that was refused was refused.</summary>
    public string Failure { get; private set; } = string.Empty;

    /// <summary>The whole vector. Valid until <see cref="Begin"/>.</summary>
    /// <exception cref="InvalidOperationException">Blocks are missing.</exception>
    public TensorPayload Vector
    {
        get
        {
            if (!IsComplete)
                throw new InvalidOperationException($"BlockAssembly.Vector: wanted all blocks, got all but {Missing}; read it when IsComplete.");
            return new TensorPayload(Kind, new ReadOnlyMemory<byte>(_copied ? _owned : _shared, _copied ? 0 : _sharedStart, Bytes));
        }
    }

    private int Bytes => ((_blocks - 1) * Limits.BlockBytesMax) + _lastBytes;

    /// <summary>Forgets the last vector and waits for another; the buffer is kept for it.</summary>
    /// <param name="bytes">How many bytes the vector will have, where known: a vector of another length is refused.</param>
    public void Begin(int? bytes = null) => Expect(bytes ?? -1, bytes ?? _bytesMax);

    /// <summary>Forgets the last vector and waits for another, whose length only its last block will tell; the buffer is kept for it.</summary>
    /// <param name="bytesMost">The most bytes that it may have.</param>
    public void BeginAtMost(int bytesMost) => Expect(-1, bytesMost);

    private void Expect(int expected, int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, _bytesMax);
        (_expectedBytes, _mostBytes) = (expected, most);
        _lastBytes = -1;
        _blocks = 0;
        _shared = null;
        _copied = false;
        _present.AsSpan().Clear();
        Kind = 0;
        Missing = 1;
        Failure = string.Empty;
    }

    /// <summary>Whether that block has come.</summary>
    public bool Has(int index) =>
        index >= 0 && index < _blocks && (_present[index >> 6] >> (index & 63) & 1) != 0;

    /// <summary>Takes one block.</summary>
    /// <param name="block">Which one.</param>
    /// <param name="payload">
    /// Its numbers. They may be referred to until <see cref="Begin"/>; where they were copied and have an owner, as those of a
    /// message from another node, they are given back to it: whoever offers a block does not read it afterwards.
    /// </param>
    public BlockOutcome Add(BlockId block, TensorPayload payload)
    {
        if (FindError(block, payload) is { } failure)
        {
            Failure = failure;
            return BlockOutcome.Refused;
        }
        if (Has(block.Index))
        {
            GiveBack(payload.Bytes);
            return BlockOutcome.Duplicate;
        }
        if (_blocks == 0) Open(block, payload);
        Place(block.Index, payload.Bytes);
        _present[block.Index >> 6] |= 1UL << (block.Index & 63);
        if (block.Index == block.Count - 1) _lastBytes = payload.Bytes.Length;
        Missing--;
        return IsComplete ? BlockOutcome.Completed : BlockOutcome.Added;
    }

    private string? FindError(BlockId block, TensorPayload payload)
    {
        int length = payload.Bytes.Length;
        if (block.Count < 1 || block.Count > Limits.BlockCountMax || block.Index < 0 || block.Index >= block.Count)
            return $"block {block.Index} of {block.Count}: wanted an index below the count, and a count of 1 to {Limits.BlockCountMax}";
        bool last = block.Index == block.Count - 1;
        long bytesAtLeast = ((block.Count - 1L) * Limits.BlockBytesMax) + (last ? length : 1);
        if (last ? length > Limits.BlockBytesMax || (length == 0 && block.Count > 1) : length != Limits.BlockBytesMax)
            return $"block {block.Index} of {block.Count}: wanted {(last ? "1 to " : "")}{Limits.BlockBytesMax} bytes, got {length}";
        if (_expectedBytes >= 0 && (block.Count != Blocks.Count(_expectedBytes) || (last && bytesAtLeast != _expectedBytes)))
            return $"block {block.Index} of {block.Count}, {length} bytes: wanted a vector of {_expectedBytes} bytes";
        if (block.Count > 1 ? bytesAtLeast > _mostBytes : length > _mostBytes)
            return $"block {block.Index} of {block.Count}: wanted a vector of at most {_mostBytes} bytes, got at least {bytesAtLeast}";
        if (payload.Kind is < PayloadKind.Float32 or > PayloadKind.SparseRows32)
            return $"block {block.Index} of {block.Count}: wanted a payload kind of 1 to 3, got {(byte)payload.Kind}";
        if (_blocks == 0) return null;
        if (block.Count != _blocks) return $"block {block.Index} of {block.Count}: wanted a block of {_blocks}, as those before";
        if (payload.Kind != Kind) return $"block {block.Index} of {block.Count}: wanted {Kind}, as those before, got {payload.Kind}";
        return last && Has(block.Index) && length != _lastBytes
            ? $"block {block.Index} of {block.Count}: wanted {_lastBytes} bytes, as when it came before, got {length}"
            : null;
    }

    private void Open(BlockId block, TensorPayload payload)
    {
        _blocks = block.Count;
        Missing = block.Count;
        Kind = payload.Kind;
        int words = ((block.Count - 1) >> 6) + 1;
        if (_present.Length < words) _present = new ulong[words];
        if (MemoryMarshal.TryGetArray(payload.Bytes, out ArraySegment<byte> segment))
        {
            int start = segment.Offset - (block.Index * Limits.BlockBytesMax);
            if (start >= 0)
            {
                _shared = segment.Array;
                _sharedStart = start;
                return;
            }
        }
        _copied = true;
    }

    private void Place(int index, ReadOnlyMemory<byte> bytes)
    {
        int start = index * Limits.BlockBytesMax;
        if (!_copied)
        {
            if (MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment)
                && ReferenceEquals(segment.Array, _shared) && segment.Offset == _sharedStart + start)
                return;
            CopyWhatCame();
        }
        EnsureOwned();
        bytes.Span.CopyTo(_owned.AsSpan(start));
        GiveBack(bytes);
    }

    private static void GiveBack(ReadOnlyMemory<byte> bytes)
    {
        if (MemoryMarshal.TryGetMemoryManager(bytes, out MemoryManager<byte>? owner)) ((IDisposable)owner).Dispose();
    }

    /// <summary>A block came from elsewhere: from here on the vector is gathered in the owned buffer.</summary>
    private void CopyWhatCame()
    {
        EnsureOwned();
        for (int i = 0; i < _blocks; i++)
        {
            if (!Has(i)) continue;
            int start = i * Limits.BlockBytesMax;
            int length = i == _blocks - 1 ? _lastBytes : Limits.BlockBytesMax;
            _shared.AsSpan(_sharedStart + start, length).CopyTo(_owned.AsSpan(start));
        }
        _shared = null;
        _copied = true;
    }

    private void EnsureOwned()
    {
        int wanted = _expectedBytes >= 0 ? _expectedBytes : (int)Math.Min(_mostBytes, (long)_blocks * Limits.BlockBytesMax);
        if (_owned.Length < wanted) _owned = GC.AllocateUninitializedArray<byte>(wanted);
    }
}
