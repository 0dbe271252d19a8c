namespace Cluster.Actors;

/// <summary>
/// Buffers for messages of a block of numbers, kept for the next: a fresh one for each would be cleared by the system page by page, which
/// takes longer than the copy. The newest is given first, since it may still be in a cache.
/// </summary>
internal static class LongBuffers
{
    /// <summary>Bytes of each: a block of 256 KiB with all that may be around it.</summary>
    public const int Bytes = 288 * 1024;

    /// <summary>From so many bytes on a buffer is worth keeping; shorter ones are young when they die.</summary>
    public const int BytesMin = 64 * 1024;

    /// <summary>So many are kept at most: 18 MiB.</summary>
    private const int KeptMax = 64;

    private static readonly Lock s_gate = new();
    private static readonly Stack<byte[]> s_kept = new(KeptMax);

    /// <summary>Whether a message of so many bytes belongs here.</summary>
    public static bool Fits(int bytes) => bytes is >= BytesMin and <= Bytes;

    public static byte[] Rent()
    {
        lock (s_gate)
        {
            if (s_kept.TryPop(out byte[]? kept)) return kept;
        }

        return GC.AllocateUninitializedArray<byte>(Bytes);
    }

    /// <summary>Takes a buffer back that nobody will use any more.</summary>
    public static void Return(byte[] buffer)
    {
        lock (s_gate)
        {
            if (s_kept.Count < KeptMax) s_kept.Push(buffer);
        }
    }
}
