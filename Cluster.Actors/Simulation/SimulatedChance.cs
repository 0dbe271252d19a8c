namespace Cluster.Actors.Simulation;

/// <summary>The only source of chance in a simulation: the same seed, the same numbers (SplitMix64).</summary>
public sealed class SimulatedChance(ulong seed)
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

    /// <summary>In [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>In [0, exclusiveMax).</summary>
    public int Next(int exclusiveMax) => (int)(((NextUInt64() >> 32) * (ulong)exclusiveMax) >> 32);

    /// <summary>Between the two, both included.</summary>
    public TimeSpan Next(TimeSpan min, TimeSpan max) =>
        max <= min ? min : min + TimeSpan.FromTicks((long)(NextDouble() * ((max - min).Ticks + 1)));

    /// <summary>True with that probability.</summary>
    public bool Chance(double probability) => probability > 0 && NextDouble() < probability;
}
