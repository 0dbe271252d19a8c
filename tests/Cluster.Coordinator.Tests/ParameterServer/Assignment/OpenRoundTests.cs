using Cluster.Coordinator.ParameterServer;
using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Tests.ParameterServer.Assignment;

public sealed class OpenRoundTests
{
    private readonly SumTree _tree = new(4, (left, right) => left.Add(right), _ => { });
    private readonly RangeRounds _ranges = new(2);

    [Fact]
    public void Only_a_worker_whose_sum_has_not_come_owes_something()
    {
        OpenRound round = new(RoundPurpose.Train, _tree, null);
        _tree.Offer(new Subtree(0, 2), new NumericBuffer(NumberKind.Float64, 1));

        round.IsOwedBy(new ShardHost(new WorkerId("a"), "node", [0, 1])).ShouldBeFalse();
        round.IsOwedBy(new ShardHost(new WorkerId("b"), "node", [1, 2])).ShouldBeTrue();
    }

    [Theory]
    [InlineData(RoundPurpose.Train, true)]
    [InlineData(RoundPurpose.EvaluateTest, false)]
    public void What_a_server_of_a_range_lacks_is_missing_from_a_training_round_though_its_sum_has_come(RoundPurpose purpose, bool missing)
    {
        _tree.Offer(new Subtree(0, 4), new NumericBuffer(NumberKind.Float64, 1));
        _ranges.Open();
        _ranges.OnGathered(new RangeGathered(Some.Job, new RangeId(1, 2), new RoundId(1, 0, purpose, 0, 0), [3], new TensorPayload(PayloadKind.Float32, default), 0, 0));
        OpenRound round = new(purpose, _tree, _ranges);

        round.IsMissing(3).ShouldBe(missing);
        round.IsMissing(2).ShouldBeFalse();
        round.Awaits(3).ShouldBeFalse();
    }
}
