using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Compression;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;
using Cluster.Worker.Data;

namespace Cluster.Worker.Training;

/// <summary>
/// The sum of one subtree for one round. Its parts are computed on any threads in any order; the last that is ready
/// combines them in the fixed order of the tree, so the bits are those of one thread.
/// </summary>
internal sealed class SubtreeComputation
{
    private readonly JobDataSet _set;
    private readonly ShardSampler[] _samplers;
    private readonly Residual[]? _residuals;
    private readonly NumericBuffer _state;
    private readonly NumericBufferPool _buffers;
    private readonly SamplingKey? _sampling;
    private readonly MicroBatch[] _batches;
    private readonly NumericBuffer[] _sums;
    private int _partsLeft;

    /// <summary>Nothing is computed yet.</summary>
    /// <param name="owner">The hosted job that waits for it.</param>
    /// <param name="set">The job's data and learner.</param>
    /// <param name="samplers">Of the subtree's shards, in order; used by no other computation until this one is done.</param>
    /// <param name="residuals">Of the subtree's micro-batches, in order, used as the samplers are; null if nothing is carried.</param>
    /// <param name="round">What is asked.</param>
    /// <param name="state">The published state, read only.</param>
    /// <param name="planned">The subtree and its parts.</param>
    /// <param name="buffers">Source of the buffer of the sum; its receiver owns it.</param>
    /// <param name="sampling">What the rows of a private step are drawn with; else null.</param>
    public SubtreeComputation(
        HostedJob owner, JobDataSet set, ShardSampler[] samplers, Residual[]? residuals, RoundId round, NumericBuffer state, PlannedSubtree planned,
        NumericBufferPool buffers, SamplingKey? sampling = null)
    {
        Owner = owner;
        Round = round;
        Planned = planned;
        _set = set;
        _samplers = samplers;
        _residuals = residuals;
        _state = state;
        _buffers = buffers;
        _sampling = sampling;
        _batches = new MicroBatch[samplers.Length];
        _sums = new NumericBuffer[planned.Parts];
        _partsLeft = planned.Parts;
    }

    /// <summary>The hosted job that waits for it.</summary>
    public HostedJob Owner { get; }

    /// <summary>The round that it answers.</summary>
    public RoundId Round { get; }

    /// <summary>The subtree and its parts.</summary>
    public PlannedSubtree Planned { get; }

    /// <summary>The subtree, as the protocol names it.</summary>
    public SubtreeId SubtreeId => new(Planned.Subtree.First, Planned.Subtree.Count);

    private bool IsTraining => Round.Purpose is RoundPurpose.Train or RoundPurpose.TrainStale;

    /// <summary>The numbers of the sum that mean anything, as a message which refers to the buffer: it belongs to its receiver from then on.</summary>
    public PushContribution MessageOf(NumericBuffer sum, WorkerId worker)
    {
        int used = IsTraining && _set.Learner is IVaryingLength varying ? varying.UsedLength(sum) : sum.Length;
        ReadOnlyMemory<byte> bytes = sum.Memory[..(used * sum.ElementBytes)];
        return MessageOf((PayloadKind)sum.Kind, bytes, worker, RangeId.Whole);
    }

    /// <summary>A part of the sum as a message: a range's, or what is common to all ranges.</summary>
    public PushContribution MessageOfPart(NumericBuffer part, WorkerId worker, RangeId range) =>
        MessageOf((PayloadKind)part.Kind, part.Memory, worker, range);

    private PushContribution MessageOf(PayloadKind kind, ReadOnlyMemory<byte> bytes, WorkerId worker, RangeId range) =>
        new(Owner.Job, Round, worker, SubtreeId, range, new TensorPayload(kind, bytes));

    /// <summary>Computes one part; each is computed once. Returns the whole sum if this part was the last, otherwise null.</summary>
    /// <exception cref="DivergedException">A loss or gradient is not finite.</exception>
    public NumericBuffer? ComputePart(int part)
    {
        IContributor contributor = _set.RentContributor();
        _sums[part] = IsTraining ? Contribute(contributor, part) : Measure(contributor, part);
        _set.ReturnContributor(contributor);
        return Interlocked.Decrement(ref _partsLeft) == 0 ? Combine() : null;
    }

    private NumericBuffer Contribute(IContributor contributor, int part)
    {
        StepContext step = _set.StepOf(Round);
        int first = part * Planned.LeavesPerPart;
        Span<MicroBatch> batches = _batches.AsSpan(first, Planned.LeavesPerPart);
        for (int i = 0; i < batches.Length; i++)
            batches[i] = _samplers[first + i].MicroBatch(Round.Epoch, step.StepInEpoch, _sampling) with { Residual = _residuals?[first + i] };
        NumericBuffer sum = _buffers.Rent(_set.Learner.Numbers, _set.Learner.ContributionLength);
        contributor.Contribute(_state, batches, sum, step);
        return sum;
    }

    private NumericBuffer Measure(IContributor contributor, int part)
    {
        NumericBuffer sums = _buffers.Rent(NumberKind.Float64, _set.Learner.EvaluationLength);
        EvaluationPlan.Measure(
            _set.Learner, contributor, _state, _set.SplitFor(Round.Purpose), Planned.Part(part), _set.ShardCount, sums);
        return sums;
    }

    private NumericBuffer Combine()
    {
        for (int stride = 1; stride < _sums.Length; stride *= 2)
            for (int left = 0; left < _sums.Length; left += 2 * stride)
            {
                NumericBuffer right = _sums[left + stride];
                if (IsTraining) _set.Learner.Combine(_sums[left], right);
                else EvaluationPlan.Combine(_sums[left], right);
                _buffers.Return(right);
            }
        return _sums[0];
    }
}
