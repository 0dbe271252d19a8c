namespace Cluster.Ml.Randomness;

/// <summary>The 128-bit input of one Philox block.</summary>
/// <remarks>
/// Shapes    streams: word 0 = block, word 1 = minor's low bits, word 2 = major's low bits,
///           word 3 = purpose (7 bits) · major's high 12 bits · minor's high 12 bits;
///           fills: the same with bit 31 of word 3 set and the block's number in the places of block and minor
/// Range     the mapping from (purpose, major, minor, block) is one to one, so no two numbers share an input
/// </remarks>
internal readonly record struct PhiloxCounter(uint Word0, uint Word1, uint Word2, uint Word3)
{
    private const int IndexBits = 44;
    private const uint FillFlag = 0x8000_0000;

    public static PhiloxCounter OfStream(RandomPurpose purpose, long major, long minor)
    {
        RequireIndex(major, nameof(major));
        RequireIndex(minor, nameof(minor));
        return new PhiloxCounter(0, (uint)minor, (uint)major, Top(purpose, major) | (uint)(minor >> 32));
    }

    public static PhiloxCounter OfFill(RandomPurpose purpose, long major, long block)
    {
        RequireIndex(major, nameof(major));
        return new PhiloxCounter((uint)block, (uint)(block >> 32), (uint)major, FillFlag | Top(purpose, major));
    }

    public PhiloxCounter AtBlock(uint block) => this with { Word0 = block };

    private static uint Top(RandomPurpose purpose, long major) => ((uint)purpose << 24) | ((uint)(major >> 32) << 12);

    private static void RequireIndex(long index, string name)
    {
        if ((ulong)index >> IndexBits != 0)
            throw new ArgumentOutOfRangeException(name, index, $"RandomStream: wanted an index in [0, 2^{IndexBits}).");
    }
}

/// <summary>The 128-bit output of one Philox block.</summary>
internal readonly record struct PhiloxWords(uint Word0, uint Word1, uint Word2, uint Word3)
{
    public uint this[int word] => word switch { 0 => Word0, 1 => Word1, 2 => Word2, _ => Word3 };
}
