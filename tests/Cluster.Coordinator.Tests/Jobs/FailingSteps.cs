using Cluster.Coordinator.ParameterServer;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Tests.Jobs;

/// <summary>A program with a failure: the parameter server throws whenever it is given a contribution to one step.</summary>
internal sealed class FailingSteps
{
    private readonly long _step;
    private readonly Func<Exception> _failure;
    private long _pushed;

    /// <param name="step">The step.</param>
    /// <param name="failure">What is thrown.</param>
    /// <param name="times">How often.</param>
    public FailingSteps(long step, Func<Exception> failure, int times = int.MaxValue)
    {
        _step = step;
        _failure = failure;
        Left = times;
        Rules = new RoundRules
        {
            Sum = (microBatches, combine, release) => new Sum(this, new SumTree(microBatches, combine, release)),
        };
    }

    /// <summary>What the coordinator is given.</summary>
    public RoundRules Rules { get; }

    /// <summary>How often it throws yet.</summary>
    public int Left { get; set; }

    /// <summary>Starts the coordinator, with workers that say at which step they are.</summary>
    public Task Start(CoordinatorBench bench) => bench.Start(system => system.ActorOf(InlineWorker.PropsOf((push, _) =>
    {
        _pushed = push.Round.Step;
        return [push];
    })));

    private void ThrowIfDue()
    {
        if (_pushed != _step || Left == 0) return;
        Left--;
        throw _failure();
    }

    private sealed class Sum(FailingSteps failing, SumTree tree) : IContributionSum
    {
        public bool IsComplete => tree.IsComplete;

        public NumericBuffer Total => tree.Total;

        public bool IsMissing(int leaf) => tree.IsMissing(leaf);

        public SumOutcome Offer(Subtree subtree, NumericBuffer sum)
        {
            failing.ThrowIfDue();
            return tree.Offer(subtree, sum);
        }

        public void Reset() => tree.Reset();
    }
}
