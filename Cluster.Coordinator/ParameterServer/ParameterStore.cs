using Cluster.Coordinator.Checkpoints;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// The numbers of one job: the state, what only the parameter server keeps, the best state, and the sum that is being
/// gathered. It holds no counter and takes no decision.
/// </summary>
internal sealed class ParameterStore
{
    // A published state is read by workers of this process where it lies. The next step is therefore written into another
    // buffer; a worker that is so late that its buffer comes round again computes for a round that is over.
    private const int RingLength = 3;

    private readonly ILearner _learner;
    private readonly NumericBufferPool _pool;
    private readonly IPartRunner _runner;
    private readonly IRangedLearner? _cut;
    private readonly IVaryingLength? _varying;
    private readonly Func<NumericBuffer, int, bool> _isSound, _isFinite;
    private readonly NumericBuffer[] _ring;
    private readonly IContributionSum _training;
    private readonly IContributionSum _evaluation;
    private readonly Stack<NumericBuffer> _copies = new();
    private int _current;
    private NumericBuffer? _best;
    private (NumericBuffer State, NumericBuffer OptimizerState)? _window;     // as they were when it began
    private bool _inWindow;

    /// <param name="learner">What is trained.</param>
    /// <param name="microBatches">Leaves of the summation tree.</param>
    /// <param name="pool">Where the buffers of contributions come from and go back to.</param>
    /// <param name="makeSum">Makes what gathers contributions; by default the tree.</param>
    /// <param name="cut">
    /// Where several servers keep the parameters, the learner that is cut: of contributions only what is common to all ranges
    /// comes here, and the state and optimizer state are those of the moment at which they were last collected.
    /// </param>
    /// <param name="runner">Runs the parts of a step; by default one after another.</param>
    public ParameterStore(
        ILearner learner, int microBatches, NumericBufferPool pool, MakeSum? makeSum = null, IRangedLearner? cut = null, IPartRunner? runner = null)
    {
        _learner = learner;
        _cut = cut;
        _varying = learner as IVaryingLength;
        _isSound = _varying is null ? (_, length) => length == learner.ContributionLength : _varying.IsSound;
        _isFinite = learner.IsFinite;
        _pool = pool;
        Incoming = new VectorMemory((kind, bytes) => pool.RentBytes((NumberKind)kind, bytes), (kind, bytes) => pool.ReturnBytes((NumberKind)kind, bytes));
        _runner = runner ?? PartsInTurn.Instance;
        _ring = new NumericBuffer[cut is null ? RingLength : 1];
        for (int i = 0; i < _ring.Length; i++) _ring[i] = new NumericBuffer(learner.Numbers, learner.StateLength);
        OptimizerState = new NumericBuffer(learner.Numbers, learner.OptimizerStateLength);
        makeSum ??= RoundRules.Default.Sum;
        _training = makeSum(microBatches, cut is null ? learner.Combine : static (left, right) => left.Add(right), pool.Return);
        _evaluation = makeSum(microBatches, EvaluationPlan.Combine, pool.Return);
    }

    /// <summary>Where contributions of other nodes are received: buffers that the sum takes as they are.</summary>
    public VectorMemory Incoming { get; }

    /// <summary>The state as training left it.</summary>
    public NumericBuffer State => _ring[_current];

    /// <summary>Whether the learner wants more steps of this epoch.</summary>
    public bool IsWithinEpoch => _learner.IsWithinEpoch(State);

    /// <summary>What only the parameter server keeps.</summary>
    public NumericBuffer OptimizerState { get; }

    /// <summary>The state that a checkpoint may hold: that of the window's beginning, or the newest if nothing is carried.</summary>
    public NumericBuffer SoundState => _inWindow ? _window!.Value.State : State;

    /// <summary>The optimizer state that belongs to it.</summary>
    public NumericBuffer SoundOptimizerState => _inWindow ? _window!.Value.OptimizerState : OptimizerState;

    /// <summary>The best state that was kept, or null.</summary>
    public NumericBuffer? Best => _best;

    public void Initialize()
    {
        _best = null;
        _learner.Initialize(State, OptimizerState);
    }

    public void Restore(Checkpoint checkpoint)
    {
        State.CopyFrom(checkpoint.State);
        OptimizerState.CopyFrom(checkpoint.OptimizerState);
        _best = checkpoint.Best;
    }

    /// <summary>Remembers the state as the best. The one before is let go, not overwritten: a checkpoint may be writing it.</summary>
    public void KeepBest()
    {
        NumericBuffer best = new(State.Kind, State.Length);
        best.CopyFrom(State);
        _best = best;
    }

    /// <summary>A window of steps begins, in which workers carry what they leave out: the numbers are kept, to come back to.</summary>
    public void KeepWindow()
    {
        _window ??= (new NumericBuffer(State.Kind, State.Length), new NumericBuffer(OptimizerState.Kind, OptimizerState.Length));
        _window.Value.State.CopyFrom(State);
        _window.Value.OptimizerState.CopyFrom(OptimizerState);
        _inWindow = true;
    }

    /// <summary>Goes back to where the window began. The state that was published stays as it was, for whoever still reads it.</summary>
    public void RestoreWindow()
    {
        _current = (_current + 1) % RingLength;
        State.CopyFrom(_window!.Value.State);
        OptimizerState.CopyFrom(_window.Value.OptimizerState);
    }

    /// <summary>Nothing is carried any more.</summary>
    public void EndWindow() => _inWindow = false;

    /// <summary>The tree that gathers what this kind of round brings.</summary>
    public IContributionSum TreeOf(RoundPurpose purpose) => purpose == RoundPurpose.Train ? _training : _evaluation;

    /// <summary>How the numbers of a contribution to this kind of round are stored.</summary>
    public NumberKind KindOf(RoundPurpose purpose) => purpose == RoundPurpose.Train ? _learner.Numbers : NumberKind.Float64;

    /// <summary>How many bytes a contribution to this kind of round may have.</summary>
    public ByteRange BytesOf(RoundPurpose purpose)
    {
        if (purpose != RoundPurpose.Train) return new ByteRange(_learner.EvaluationLength * sizeof(double));
        if (_cut is not null) return new ByteRange(_cut.CommonLength * sizeof(float));
        int number = _learner.Numbers == NumberKind.Float32 ? sizeof(float) : sizeof(double);
        return new ByteRange((_varying?.LeastLength ?? _learner.ContributionLength) * number, _learner.ContributionLength * number);
    }

    /// <summary>Offers a whole contribution to the sum.</summary>
    /// <returns>What became of it; null if its bytes are no contribution.</returns>
    public SumOutcome? Offer(RoundPurpose purpose, Subtree subtree, ReadOnlyMemory<byte> bytes) => purpose != RoundPurpose.Train
        ? _evaluation.Offer(subtree, NumberKind.Float64, _learner.EvaluationLength, bytes, _pool)
        : _cut is not null
            ? _training.Offer(subtree, NumberKind.Float32, _cut.CommonLength, bytes, _pool)
            : _training.Offer(subtree, _learner.Numbers, _learner.ContributionLength, bytes, _pool, _isSound, _isFinite);

    /// <summary>Takes one training step with the sum that was gathered, and empties it.</summary>
    /// <exception cref="DivergedException">The sum or the new state is not finite; the state is as it was.</exception>
    public StepTally Step(in StepContext step, StepTally tally)
    {
        // Two workers bring a half each: learners that can add them up piece by piece with the step.
        (NumericBuffer sum, NumericBuffer? rest) = _training.Halves;
        int next = (_current + 1) % _ring.Length;
        double correct = EpochTally.CorrectOf(_learner, sum, rest);
        UpdateOutcome outcome = _learner.Update(new UpdateBuffers(State, _ring[next], OptimizerState, sum) { Rest = rest }, step, _runner);
        _current = next;
        _training.Reset();
        return tally.Plus(outcome, correct);
    }

    /// <summary>Decides what concerns all ranges of a training step, with what was gathered, and empties it; the servers take the step.</summary>
    /// <param name="squares">Those of all ranges.</param>
    /// <param name="step">Which step.</param>
    /// <param name="tally">Of the steps before.</param>
    /// <exception cref="DivergedException">The loss or the norm is not finite.</exception>
    public (double? Scale, StepTally Tally) Decide(ReadOnlySpan<float> squares, in StepContext step, StepTally tally)
    {
        ReadOnlySpan<float> common = _training.Total.Floats;
        RangedStep decided = _cut!.Decide(common, squares, step);
        double correct = common[^StepStatistics.Length..][StepStatistics.Correct];
        _training.Reset();
        return (decided.Scale, tally.Plus(decided.Outcome, correct));
    }

    /// <summary>A copy of the state that no step writes to.</summary>
    public NumericBuffer CopyState()
    {
        NumericBuffer copy = _copies.TryPop(out NumericBuffer? spare) ? spare : new(State.Kind, State.Length);
        copy.CopyFrom(State);
        return copy;
    }

    /// <summary>Takes a copy back whose only reader has answered. One whose reader was lost is left to the garbage collector.</summary>
    public void Release(NumericBuffer copy) => _copies.Push(copy);

    /// <summary>Takes the step of some of the micro-batches, by that share of the way.</summary>
    /// <remarks>
    /// Equation  x ← x + s·(Update(x, sum) − x),  s the share of all micro-batches: their steps together go as far as one step of all
    /// </remarks>
    /// <exception cref="DivergedException">The sum or the new state is not finite; the state is as it was.</exception>
    public StepTally StepPart(ReadOnlyMemory<byte> bytes, in StepContext step, float share, StepTally tally)
    {
        NumericBuffer sum = NumericBuffer.Over(_learner.Numbers, bytes);
        NumericBuffer before = State;
        int next = (_current + 1) % _ring.Length;
        double correct = EpochTally.CorrectOf(_learner, sum);
        UpdateOutcome outcome = _learner.Update(new UpdateBuffers(before, _ring[next], OptimizerState, sum), step, _runner);
        Span<float> after = _ring[next].Floats;
        System.Numerics.Tensors.TensorPrimitives.Subtract(after, before.Floats, after);
        System.Numerics.Tensors.TensorPrimitives.Multiply(after, share, after);
        System.Numerics.Tensors.TensorPrimitives.Add(after, before.Floats, after);
        _current = next;
        if (NumericBuffer.TryFind(_learner.Numbers, bytes, out NumericBuffer? sent)) _pool.Return(sent);
        return tally.Plus(outcome, correct);
    }

    /// <summary>The evaluation sums that were gathered, copied; the tree is emptied.</summary>
    public ReadOnlyMemory<byte> TakeEvaluation()
    {
        byte[] sums = _evaluation.Total.Bytes.ToArray();
        _evaluation.Reset();
        return sums;
    }

    /// <summary>Drops what was gathered.</summary>
    public void ResetSums()
    {
        _training.Reset();
        _evaluation.Reset();
    }
}
