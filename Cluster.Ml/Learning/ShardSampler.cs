using System.Numerics;
using System.Runtime.Intrinsics;
using Cluster.Ml.Data;
using Cluster.Ml.Privacy;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Learning;

/// <summary>Says which rows of one shard take part in a step.</summary>
/// <remarks>
/// Kinds  all there are stand below; no key of the job names one: <see cref="BatchPlan.CreateSampler"/> derives it from the learner's form, its
///        data and privacy
/// Range  a pure function of its arguments, in any order of calls; no allocation after the constructor;
///        what it returns holds until the next call
/// </remarks>
public abstract class ShardSampler
{
    private protected ShardSampler(TrainingShard shard) => Shard = shard;

    /// <summary>The shard that positions point into.</summary>
    public TrainingShard Shard { get; }

    /// <summary>Positions in the shard, in the order in which they are summed; may be none.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="stepInEpoch">From 0.</param>
    /// <param name="key">What the rows of a private step are drawn with; of no other step.</param>
    public abstract ReadOnlyMemory<int> Positions(int epoch, long stepInEpoch, SamplingKey? key = null);

    /// <summary>The rows of the shard that take part in a step.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="stepInEpoch">From 0.</param>
    /// <param name="key">What the rows of a private step are drawn with; of no other step.</param>
    public MicroBatch MicroBatch(int epoch, long stepInEpoch, SamplingKey? key = null) => new(Shard, Positions(epoch, stepInEpoch, key));

    private protected static int[] InOrder(int count)
    {
        var positions = new int[count];
        for (int i = 0; i < count; i++) positions[i] = i;
        return positions;
    }
}

/// <summary>Every row, in order, in every step.</summary>
internal sealed class FullBatchSampler(TrainingShard shard) : ShardSampler(shard)
{
    private readonly int[] _all = InOrder(shard.Count);

    public override ReadOnlyMemory<int> Positions(int epoch, long stepInEpoch, SamplingKey? key) => _all;
}

/// <summary>Each row once an epoch, in the order of the shard.</summary>
internal sealed class ConsecutiveSampler(TrainingShard shard, int microBatch) : ShardSampler(shard)
{
    private readonly int[] _all = InOrder(shard.Count);

    public override ReadOnlyMemory<int> Positions(int epoch, long stepInEpoch, SamplingKey? key)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stepInEpoch);
        long start = stepInEpoch * microBatch;
        return start >= _all.Length ? ReadOnlyMemory<int>.Empty : _all.AsMemory((int)start, Math.Min(microBatch, _all.Length - (int)start));
    }
}

/// <summary>Each row once an epoch, in an order keyed by (seed, epoch, shard).</summary>
internal sealed class ShuffledSampler(TrainingShard shard, ulong seed, int microBatch) : ShardSampler(shard)
{
    private readonly int[] _order = InOrder(shard.Count);
    private int _epoch = -1;

    public override ReadOnlyMemory<int> Positions(int epoch, long stepInEpoch, SamplingKey? key)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(stepInEpoch);
        if (epoch != _epoch) ShuffleFor(epoch);
        long start = stepInEpoch * microBatch;
        return start >= _order.Length ? ReadOnlyMemory<int>.Empty
            : _order.AsMemory((int)start, Math.Min(microBatch, _order.Length - (int)start));
    }

    // From the identity each time, so that an epoch's order does not depend on which epochs came before.
    private void ShuffleFor(int epoch)
    {
        for (int i = 0; i < _order.Length; i++) _order[i] = i;
        RandomStream stream = RandomStream.At(seed, RandomPurpose.Shuffle, epoch, Shard.Index);
        stream.Shuffle(_order.AsSpan());
        _epoch = epoch;
    }
}

/// <summary>Each row with probability q in each step, each decision a function of (the step's key, shard, position).</summary>
/// <remarks>
/// Equation  position i of shard s joins step t ⇔ u(key of t, s, i) &lt; ⌊q·2⁶⁴⌋ with 64 random bits u
/// Source    Abadi et al., "Deep Learning with Differential Privacy", CCS 2016, § 3 (lots); Mironov, Talwar, Zhang,
///           "Rényi Differential Privacy of the Sampled Gaussian Mechanism", 2019
/// </remarks>
internal sealed class PoissonSampler(TrainingShard shard, double sampleRate) : ShardSampler(shard)
{
    private const int DrawnAtOnce = 4096;

    private readonly ulong[] _random = new ulong[Math.Min(DrawnAtOnce, shard.Count)];
    private readonly int[] _chosen = new int[shard.Count];
    private readonly bool _everyone = sampleRate >= 1;
    private readonly ulong _threshold = sampleRate >= 1 ? ulong.MaxValue : (ulong)(sampleRate * 18446744073709551616.0);

    public override ReadOnlyMemory<int> Positions(int epoch, long stepInEpoch, SamplingKey? key)
    {
        if (key is null) throw new ArgumentNullException(nameof(key), "PoissonSampler: wanted the step's key, got none.");
        int count = 0;
        for (int first = 0; first < Shard.Count; first += DrawnAtOnce)
        {
            Span<ulong> random = _random.AsSpan(0, Math.Min(DrawnAtOnce, Shard.Count - first));
            key.FillProbabilities(random, Shard.Index, first);
            count = Choose(random, first, count);
        }
        return _chosen.AsMemory(0, count);
    }

    /// <summary>Adds those to the chosen whose randomness is below the threshold, or all; few are, so that most vectors have none.</summary>
    private int Choose(ReadOnlySpan<ulong> random, int first, int count)
    {
        int i = 0;
        for (; !_everyone && i <= random.Length - Vector512<ulong>.Count; i += Vector512<ulong>.Count)
        {
            Vector512<ulong> below = Vector512.LessThan(Vector512.Create(random.Slice(i, Vector512<ulong>.Count)), Vector512.Create(_threshold));
            for (ulong lanes = below.ExtractMostSignificantBits(); lanes != 0; lanes &= lanes - 1)
                _chosen[count++] = first + i + BitOperations.TrailingZeroCount(lanes);
        }
        for (; i < random.Length; i++)
            if (_everyone || random[i] < _threshold) _chosen[count++] = first + i;
        return count;
    }
}
