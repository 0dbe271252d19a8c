namespace Cluster.Ml.Randomness;

/// <summary>A sequence of random numbers that is a pure function of its key; copying the value copies the position.</summary>
/// <remarks>
/// Equation  word 4b + w of the stream = word w of Philox4x32-10(counter (b, key), key seed)
/// Range     0 ≤ major, minor &lt; 2⁴⁴; at most 2³⁴ words a stream; two different keys never share a counter
/// Cost      10 rounds of two multiplications for four words, no allocation
/// Source    Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011
/// Differs   from System.Random in that the numbers are the same on every runtime, processor and release
/// </remarks>
public struct RandomStream
{
    private readonly ulong _seed;
    private readonly PhiloxCounter _first;
    private PhiloxWords _words;
    private ulong _position;
    private double _spareGaussian;
    private bool _hasSpare;

    private RandomStream(ulong seed, PhiloxCounter first)
    {
        _seed = seed;
        _first = first;
    }

    /// <summary>The stream of this key, at its first number.</summary>
    /// <param name="seed">The job's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="major">First index of the key, such as the step or epoch.</param>
    /// <param name="minor">Second index of the key, such as the shard or example.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside [0, 2⁴⁴).</exception>
    public static RandomStream At(ulong seed, RandomPurpose purpose, long major = 0, long minor = 0) =>
        new(seed, PhiloxCounter.OfStream(purpose, major, minor));

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        int word = (int)(_position & 3);
        if (word == 0) _words = Philox.Block(_first.AtBlock((uint)(_position >> 2)), _seed);
        _position++;
        return _words[word];
    }

    /// <summary>The next 64 random bits: two words, the low one first.</summary>
    public ulong NextUInt64()
    {
        ulong low = NextUInt32();
        return low | ((ulong)NextUInt32() << 32);
    }

    /// <summary>A uniform number in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform whole number in [0, exclusiveMax), without bias.</summary>
    /// <remarks>Source  Lemire, "Fast Random Integer Generation in an Interval", ACM TOMACS 29 (2019), algorithm 5</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public int Next(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        uint bound = (uint)exclusiveMax;
        ulong product = (ulong)NextUInt32() * bound;
        if ((uint)product < bound)
        {
            uint threshold = (0u - bound) % bound;
            while ((uint)product < threshold) product = (ulong)NextUInt32() * bound;
        }
        return (int)(product >> 32);
    }

    /// <summary>A number of the standard normal distribution.</summary>
    /// <remarks>
    /// Equation  r = √(−2 ln u), r·cos 2πv and then r·sin 2πv,  u ∈ (0, 1), v ∈ [0, 1) of 53 bits
    /// Source    Box and Muller, "A Note on the Generation of Random Normal Deviates", Ann. Math. Statist. 29 (1958)
    /// </remarks>
    public double NextGaussian()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spareGaussian;
        }
        double u = ((NextUInt64() >> 11) + 0.5) * (1.0 / (1UL << 53));
        double v = NextDouble();
        double radius = Math.Sqrt(-2.0 * PolarMath.Log(u));
        (double sin, double cos) = PolarMath.SinCosTurns(v);
        _spareGaussian = radius * sin;
        _hasSpare = true;
        return radius * cos;
    }

    /// <summary>Puts the items into a uniformly random order.</summary>
    /// <remarks>Source  Fisher and Yates, in Durstenfeld's form, CACM 7 (1964), algorithm 235</remarks>
    public void Shuffle<T>(Span<T> items)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int other = Next(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
