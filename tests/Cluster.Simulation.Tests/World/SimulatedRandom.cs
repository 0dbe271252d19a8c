namespace Cluster.Simulation.Tests.World;

#pragma warning disable RS0030 // The base class's own generator is never drawn from: every draw below is the seed's.

/// <summary>The only random numbers of a simulation: the same seed, the same numbers (SplitMix64).</summary>
internal sealed class SimulatedRandom(ulong seed) : Random
{
    private ulong _state = seed;

    /// <summary>64 bits.</summary>
    public ulong NextUInt64()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
            ulong value = _state;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }

    /// <summary>Whether something of that probability happens. Draws nothing if it cannot.</summary>
    public bool Happens(double probability) => probability > 0 && NextDouble() < probability;

    /// <summary>Between the two.</summary>
    public TimeSpan Next(TimeSpan least, TimeSpan most) => least + ((most - least) * NextDouble());

    public override double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    public override int Next() => Next(int.MaxValue);

    public override int Next(int maxValue) => (int)(((NextUInt64() >> 32) * (ulong)maxValue) >> 32);

    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);

    public override long NextInt64(long minValue, long maxValue) => minValue + (long)(NextUInt64() % (ulong)(maxValue - minValue));

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        foreach (ref byte value in buffer) value = (byte)(NextUInt64() >> 56);
    }

    protected override double Sample() => NextDouble();
}
