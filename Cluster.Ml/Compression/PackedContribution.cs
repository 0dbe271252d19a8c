using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Cluster.Ml.Jobs;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Compression;

/// <summary>The contribution of a node of the summation tree in fewer bits: how it is laid out, made, added and read.</summary>
/// <remarks>
/// Equation  leaf: P(m) = Q(contribution of m);  node: P(n) = Q(P(left) + P(right)),  Q of <see cref="BlockRounding"/>;
///           with feedback int8 rounds what is not a window's last step to the nearest code at leaves (u = ½), since the error comes back
/// Shapes    words of single precision: the step's low 32 bits, the node; the exact numbers; the blocks
/// Range     nodes are numbered in order: 2·first + count for the subtree of that first micro-batch and count, so that a parent's
///           number is the mean of its children's. Randomness is keyed by (seed, step, node, index): the same bits on every worker that computes
/// Cost      no allocation; adding reads, sums and writes one block at a time
/// Differs   from QSGD in that sums are rounded again at every node, so that a subtree's sum travels in as few bits as a
///           micro-batch's; without it the traffic would grow with the micro-batches of a worker
/// </remarks>
internal sealed class PackedContribution : ContributionPacking
{
    /// <summary>Words before the exact numbers.</summary>
    public const int HeaderLength = 2;

    private const uint NodesMask = (2 * (uint)JobDefaults.MicroBatchesMax) - 1;   // a number from another process stays one of a node's

    private readonly CompressionKind _kind;
    private readonly ulong _seed;
    private readonly int _blockWords;

    /// <param name="rounding">How numbers are rounded, and whether leaves leave behind what that takes away.</param>
    /// <param name="length">Numbers of a contribution.</param>
    /// <param name="exact">How many at its end keep every bit.</param>
    /// <param name="seed">The job's seed.</param>
    public PackedContribution(CompressionSpec.Rounding rounding, int length, int exact, ulong seed)
        : base(length, exact)
    {
        (_kind, _seed, LeavesOut) = (rounding.Kind, seed, rounding.Window is not null);
        _blockWords = BlockRounding.Words(_kind, BlockRounding.Length);
        int whole = Inexact / BlockRounding.Length, rest = Inexact % BlockRounding.Length;
        Length = checked(HeaderLength + exact + (whole * _blockWords) + (rest > 0 ? BlockRounding.Words(_kind, rest) : 0));
    }

    /// <inheritdoc/>
    public override int Length { get; }

    /// <inheritdoc/>
    public override bool LeavesOut { get; }

    /// <inheritdoc/>
    public override int ExactStart => HeaderLength;

    /// <inheritdoc/>
    /// <remarks>All numbers are sent, rounded. What is not carried on is rounded at random, so that its mean is right.</remarks>
    public override void Pack(Span<float> numbers, long step, int leaf, bool whole, Span<float> packed)
    {
        bool carries = LeavesOut && !whole;
        Head(packed, (uint)step, (2 * (uint)leaf) + 1);
        numbers[Inexact..].CopyTo(packed[HeaderLength..]);
        for (int start = 0; start < Inexact; start += BlockRounding.Length)
        {
            Span<float> block = numbers.Slice(start, CountAt(start));
            Write(block, start, packed, toNearest: carries);
            if (carries) TakeAway(packed[PlaceOf(start)..], block);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Rounds as the node above both.</remarks>
    public override void Add(Span<float> left, ReadOnlySpan<float> right)
    {
        Head(left, Word(left[0]), (Word(left[1]) + Word(right[1])) / 2);
        Span<float> exact = left.Slice(HeaderLength, Exact);
        TensorPrimitives.Add(exact, right.Slice(HeaderLength, Exact), exact);
        Span<float> sum = stackalloc float[BlockRounding.Length], other = stackalloc float[BlockRounding.Length];
        for (int start = 0; start < Inexact; start += BlockRounding.Length)
        {
            int count = CountAt(start);
            BlockRounding.Read(_kind, left[PlaceOf(start)..], sum[..count]);
            BlockRounding.Read(_kind, right[PlaceOf(start)..], other[..count]);
            TensorPrimitives.Add(sum[..count], other[..count], sum[..count]);
            Write(sum[..count], start, left, toNearest: false);
        }
    }

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<float> packed, Span<float> numbers)
    {
        packed.Slice(HeaderLength, Exact).CopyTo(numbers[Inexact..]);
        for (int start = 0; start < Inexact; start += BlockRounding.Length)
            BlockRounding.Read(_kind, packed[PlaceOf(start)..], numbers.Slice(start, CountAt(start)));
    }

    private void TakeAway(ReadOnlySpan<float> words, Span<float> numbers)
    {
        Span<float> sent = stackalloc float[BlockRounding.Length];
        BlockRounding.Read(_kind, words, sent[..numbers.Length]);
        TensorPrimitives.Subtract(numbers, sent[..numbers.Length], numbers);
    }

    private void Write(ReadOnlySpan<float> numbers, int start, Span<float> packed, bool toNearest)
    {
        Span<float> probabilities = stackalloc float[BlockRounding.Length];
        if (toNearest) probabilities.Fill(0.5f);
        else if (_kind == CompressionKind.Int8)
        {
            long blocks = (Inexact / BlockRounding.Length) + 1;
            long first = Word(packed[1]) * blocks * BlockRounding.Length;
            Philox.FillUniform(probabilities[..numbers.Length], _seed, RandomPurpose.Compression, Word(packed[0]), first + start);
        }
        BlockRounding.Write(_kind, numbers, probabilities, packed.Slice(PlaceOf(start), BlockRounding.Words(_kind, numbers.Length)));
    }

    private static void Head(Span<float> packed, uint step, uint node)
    {
        packed[0] = Unsafe.BitCast<uint, float>(step);
        packed[1] = Unsafe.BitCast<uint, float>(node & NodesMask);
    }

    private static uint Word(float word) => Unsafe.BitCast<float, uint>(word);

    private int CountAt(int start) => Math.Min(BlockRounding.Length, Inexact - start);

    private int PlaceOf(int start) => HeaderLength + Exact + (start / BlockRounding.Length * _blockWords);
}
