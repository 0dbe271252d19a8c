using Cluster.Coordinator.ParameterServer;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Simulation.Tests.Embedded;

/// <summary>Three wrong rules, to show that the simulation would notice them in the code.</summary>
internal static class PlantedBugs
{
    /// <summary>A contribution that comes twice counts twice.</summary>
    public static RoundRules NoDuplicateCheck { get; } =
        new() { Sum = (microBatches, combine, release) => new CountingSum(microBatches, combine, release) };

    /// <summary>Contributions are added as they come, not in the order of the tree.</summary>
    public static RoundRules SumInArrivalOrder { get; } =
        new() { Sum = (microBatches, combine, release) => new ArrivalSum(microBatches, combine, release) };

    /// <summary>The first round that needs to be asked for again is not.</summary>
    public static RoundRules OneRequestForgotten { get; } = new() { Pacer = () => new ForgetfulPacer() };

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

    private sealed class ForgetfulPacer : RoundPacer
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
