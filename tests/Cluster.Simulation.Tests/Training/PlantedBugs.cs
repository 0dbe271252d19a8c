using System.Numerics.Tensors;
using Cluster.Coordinator.ParameterServer;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Compression;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;
using Cluster.Worker.Training;

namespace Cluster.Simulation.Tests.Training;

/// <summary>Wrong rules, to show that the simulation would notice them in the code.</summary>
internal static class PlantedBugs
{
    /// <summary>A contribution that comes twice counts twice.</summary>
    public static PlantedBug NoDuplicateCheck { get; } =
        new() { Rounds = new RoundRules { Sum = (microBatches, combine, release) => new CountingSum(microBatches, combine, release) } };

    /// <summary>Contributions are added as they come, not in the order of the tree.</summary>
    public static PlantedBug SumInArrivalOrder { get; } =
        new() { Rounds = new RoundRules { Sum = (microBatches, combine, release) => new ArrivalSum(microBatches, combine, release) } };

    /// <summary>The first round that needs to be asked for again is not.</summary>
    public static PlantedBug OneRequestForgotten { get; } = new() { Rounds = new RoundRules { Pacer = () => new ForgetfulPacer() } };

    /// <summary>Where a worker no longer has what a micro-batch left out, it goes on without, and does not say so.</summary>
    public static PlantedBug LostResidualIsNotTold { get; } = Carrying(length => new ZeroResidual(length));

    /// <summary>Whoever takes a micro-batch over goes on without what it has left out, and no window begins again.</summary>
    public static PlantedBug LostResidualIsZero { get; } =
        LostResidualIsNotTold with { Rounds = new RoundRules { Carriers = microBatches => new AnyCarriers(microBatches) } };

    /// <summary>A step that is asked for again carries what its first computation left out.</summary>
    public static PlantedBug ResidualOfAnyStep { get; } = Carrying(length => new NewestResidual(length));

    /// <summary>When a window begins again, what it had left out before is still to be sent.</summary>
    public static PlantedBug ResidualOutlivesWindow { get; } = Carrying(length => new SurvivingResidual(length));

    /// <summary>A range's server adds what comes late, for a round that is over.</summary>
    public static PlantedBug RangeAddsOlderRounds { get; } =
        new() { Workers = new WorkerRules { Counts = (round, open) => round.Incarnation == open.Incarnation && round.Purpose == open.Purpose } };

    /// <summary>A range whose server is lost gets another, filled with what was collected last, while the others have gone on.</summary>
    public static PlantedBug LostRangeIsRefilled { get; } = new()
    {
        Rounds = new RoundRules { Ranges = (job, ranges, store, meter, pacer) => new RefillingHosting(job, ranges, store, meter, pacer) },
    };

    private static PlantedBug Carrying(Func<int, Residual> residual) =>
        new() { Workers = new WorkerRules { Residual = plan => residual(plan.Length) } };

    private sealed class CountingSum(int microBatches, Action<NumericBuffer, NumericBuffer> combine, Action<NumericBuffer> release) : IContributionSum
    {
        private readonly SumTree _tree = new(microBatches, combine, release);
        private readonly List<NumericBuffer> _twice = [];

        public bool IsComplete => _tree.IsComplete;

        public NumericBuffer Total
        {
            get
            {
                NumericBuffer total = _tree.Total;
                foreach (NumericBuffer again in _twice) combine(total, again);
                return total;
            }
        }

        public bool IsMissing(int leaf) => !IsComplete;

        public SumOutcome Offer(Subtree subtree, NumericBuffer sum)
        {
            if (_tree.IsMissing(subtree.First)) return _tree.Offer(subtree, sum);
            _twice.Add(sum);
            return SumOutcome.Accepted;
        }

        public void Reset()
        {
            _tree.Reset();
            _twice.Clear();
        }
    }

    private sealed class ArrivalSum(int microBatches, Action<NumericBuffer, NumericBuffer> combine, Action<NumericBuffer> release) : IContributionSum
    {
        private readonly bool[] _here = new bool[microBatches];
        private NumericBuffer? _total;

        public bool IsComplete => !_here.Contains(false);

        public NumericBuffer Total => _total!;

        public bool IsMissing(int leaf) => !_here[leaf];

        public SumOutcome Offer(Subtree subtree, NumericBuffer sum)
        {
            if (_here.AsSpan(subtree.First, subtree.Count).Contains(true)) return SumOutcome.Duplicate;
            _here.AsSpan(subtree.First, subtree.Count).Fill(true);
            if (_total is null) _total = sum;
            else
            {
                combine(_total, sum);
                release(sum);
            }
            return SumOutcome.Accepted;
        }

        public void Reset()
        {
            if (_total is not null) release(_total);
            _total = null;
            _here.AsSpan().Clear();
        }
    }

    private sealed class AnyCarriers(int microBatches) : ResidualCarriers(microBatches)
    {
        public override WorkerId? this[int shard] => null;

        public override bool Carries(WorkerId worker, Subtree subtree) => true;
    }

    private sealed class ZeroResidual(int length) : Residual(length)
    {
        private readonly NumericBuffer _zeros = new(NumberKind.Float32, length);

        public override bool Has(long step) => true;

        public override NumericBuffer Of(long step) => base.Has(step) ? base.Of(step) : _zeros;
    }

    private sealed class NewestResidual(int length) : Residual(length)
    {
        private readonly NumericBuffer[] _vectors = [new(NumberKind.Float32, length), new(NumberKind.Float32, length)];
        private int _newest = -1;

        public override bool Has(long step) => _newest >= 0;

        public override NumericBuffer Of(long step) => _vectors[_newest];

        public override NumericBuffer Begin(long step) => _vectors[_newest == 0 ? 1 : 0];

        public override void End(long step) => _newest = _newest == 0 ? 1 : 0;
    }

    private sealed class SurvivingResidual(int length) : Residual(length)
    {
        private readonly float[] _abandoned = new float[length];
        private long _newest = -1;

        public override NumericBuffer Begin(long step)
        {
            if (_newest > step + 1 && Has(_newest)) Of(_newest).Floats.CopyTo(_abandoned);      // not the same step again
            return base.Begin(step);
        }

        public override void End(long step)
        {
            base.End(step);
            _newest = step + 1;
            TensorPrimitives.Add(Of(_newest).Floats, _abandoned, Of(_newest).Floats);
            Array.Clear(_abandoned);
        }
    }

    private sealed class RefillingHosting : RangeHosting
    {
        private readonly ParameterStore _store;

        public RefillingHosting(JobId job, IReadOnlyList<ParameterRange> ranges, ParameterStore store, ExchangeMeter meter, RetrySchedule pacer)
            : base(job, ranges, store, meter, pacer) => _store = store;

        public override RangeAssignment? FindLost(Predicate<IActorRef> gone)
        {
            while (base.FindLost(gone) is { } lost)
            {
                (lost.Server, lost.Worker, lost.IsFilled) = (null, null, false);
                lost.Filling = new NumericBuffer(NumberKind.Float32, lost.Range.KeptLength);
                lost.Range.CopyOut(_store.State, _store.OptimizerState, lost.Filling);
            }
            return null;
        }
    }

    private sealed class ForgetfulPacer : RetrySchedule
    {
        private long _forgotten = -1;

        public override bool Tick(long round)
        {
            bool due = base.Tick(round);
            if (due && _forgotten < 0) _forgotten = round;
            return due && round != _forgotten;
        }
    }
}
