namespace Cluster.Messages.DataPlane;

/// <summary>A part of a vector to send, from the vector's own memory, and how much of it has left.</summary>
internal sealed class Sending(VectorKey key, ReadOnlyMemory<byte> vector, int offset, int length, long since)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public VectorKey Key => key;

    /// <summary>When it was asked for, by the clock's timestamps.</summary>
    public long Since => since;

    /// <summary>Completed when the memory is not looked at any more.</summary>
    public Task Done => _done.Task;

    public int VectorBytes => vector.Length;

    public bool IsTaken => length == 0;

    /// <summary>Why it fails once its numbers are not looked at any more; null if it does not.</summary>
    public string? Doom { get; set; }

    /// <summary>The next frame's numbers, without their checksum.</summary>
    public (FrameHeader Header, ReadOnlyMemory<byte> Numbers) Take()
    {
        int bytes = Math.Min(length, DataPlaneLimits.FrameBytesMax);
        FrameHeader header = new(FrameKind.Numbers, key, offset, bytes, 0);
        ReadOnlyMemory<byte> numbers = vector.Slice(offset, bytes);
        offset += bytes;
        length -= bytes;
        return (header, numbers);
    }

    public void Complete() => _done.TrySetResult();

    public void Fail(string reason) => _done.TrySetException(new IOException(reason));
}
