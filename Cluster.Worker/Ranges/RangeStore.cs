using System.Runtime.InteropServices;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;

namespace Cluster.Worker.Ranges;

/// <summary>The numbers of one range of a job's parameters: its state and optimizer state, and the part of the sum that is being gathered. It takes no decision.</summary>
internal sealed class RangeStore
{
    // As in the parameter server: a published state is read in place, so that the next step is written into another buffer.
    private const int RingLength = 3;

    private readonly IRangedLearner _learner;
    private readonly ParameterRange _range;
    private readonly NumericBufferPool _buffers;
    private readonly NumericBuffer[] _ring = new NumericBuffer[RingLength];
    private readonly NumericBuffer _optimizerState;
    private readonly SumTree _sum;
    private readonly int _microBatches;
    private NumericBuffer? _kept;
    private NumericBuffer? _squares;
    private int _current;

    public RangeStore(IRangedLearner learner, ParameterRange range, int microBatches, NumericBufferPool buffers)
    {
        (_learner, _range, _microBatches, _buffers) = (learner, range, microBatches, buffers);
        for (int i = 0; i < RingLength; i++) _ring[i] = new NumericBuffer(learner.Numbers, range.State.Length);
        _optimizerState = new NumericBuffer(learner.Numbers, range.OptimizerStateLength);
        _sum = new SumTree(microBatches, static (left, right) => left.Add(right), buffers.Return);
    }

    /// <summary>Steps that the range has taken.</summary>
    public long Step { get; private set; }

    /// <summary>The range of the state.</summary>
    public NumericBuffer State => _ring[_current];

    /// <summary>Bytes of what the range keeps.</summary>
    public int KeptBytes => _range.KeptLength * sizeof(float);

    /// <summary>Bytes of the range's part of a contribution.</summary>
    public int SumBytes => _range.Sum.Length * sizeof(float);

    /// <summary>Whether every micro-batch's part has come.</summary>
    public bool IsComplete => _sum.IsComplete;

    /// <summary>Micro-batches whose part has not come, ascending.</summary>
    public ImmutableArray<int> Missing => _sum.IsComplete ? [] : [.. Enumerable.Range(0, _microBatches).Where(_sum.IsMissing)];

    /// <summary>Whether some of it is missing.</summary>
    public bool Wants(Subtree subtree) => Enumerable.Range(subtree.First, subtree.Count).Any(_sum.IsMissing);

    /// <summary>Takes what the range is to keep, and the step that it stands at.</summary>
    public void Fill(ReadOnlyMemory<byte> kept, long step)
    {
        ReadOnlySpan<float> numbers = MemoryMarshal.Cast<byte, float>(kept.Span);
        numbers[.._range.State.Length].CopyTo(State.Floats);
        numbers[_range.State.Length..].CopyTo(_optimizerState.Floats);
        Step = step;
        _sum.Reset();
    }

    /// <summary>What the range keeps. The same buffer each time: what it held belongs to an older moment.</summary>
    public NumericBuffer Collect()
    {
        _kept ??= new NumericBuffer(_learner.Numbers, _range.KeptLength);
        State.Floats.CopyTo(_kept.Floats);
        _optimizerState.Floats.CopyTo(_kept.Floats[_range.State.Length..]);
        return _kept;
    }

    /// <summary>A round begins.</summary>
    public void Open() => _sum.Reset();

    /// <summary>Takes a whole part of a contribution.</summary>
    public SumOutcome? Offer(Subtree subtree, ReadOnlyMemory<byte> bytes) =>
        _sum.Offer(subtree, _learner.Numbers, _range.Sum.Length, bytes, _buffers);

    /// <summary>What the complete sum adds to the norm of the whole; empty if the step needs none.</summary>
    public NumericBuffer Square(in StepContext step)
    {
        int length = _learner.SquaresLength(_range, step);
        if (_squares?.Length != length) _squares = new NumericBuffer(_learner.Numbers, length);
        _learner.Square(_range, _sum.Total.Floats, step, _squares.Floats);
        return _squares;
    }

    /// <summary>Takes one step with the sum that was gathered, and empties it.</summary>
    /// <exception cref="DivergedException">A new number is not finite.</exception>
    public void TakeStep(double? scale, in StepContext step)
    {
        int next = (_current + 1) % RingLength;
        _learner.UpdateRange(_range, new UpdateBuffers(State, _ring[next], _optimizerState, _sum.Total), scale, step, PartsInTurn.Instance);
        _current = next;
        Step++;
        _sum.Reset();
    }
}
