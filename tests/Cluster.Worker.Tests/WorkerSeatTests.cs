using System.Collections.Immutable;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;

namespace Cluster.Worker.Tests;

public class WorkerSeatTests
{
    [Theory]
    [InlineData(1, 8, "0 0 0 0 0 0 0 0")]
    [InlineData(2, 8, "0 0 0 0 1 1 1 1")]
    [InlineData(3, 8, "0 0 0 1 1 1 2 2")]
    [InlineData(4, 4, "0 1 2 3")]
    [InlineData(4, 2, "0 2")]
    public void Shards_lie_in_runs_as_long_as_each_other(int workers, int shards, string expected)
    {
        ImmutableArray<WorkerSeat> seats = Seats(workers);

        string.Join(' ', Enumerable.Range(0, shards).Select(shard => WorkerSeat.Of(seats, shard, shards).Options.Worker.Value)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(-1, 8)]
    [InlineData(8, 8)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(3, 0)]
    public void A_number_that_is_no_shards_has_a_seat_too(int shard, int shardCount) => WorkerSeat.Of(Seats(3), shard, shardCount).ShouldNotBeNull();

    private static ImmutableArray<WorkerSeat> Seats(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new WorkerSeat(new WorkerOptions(new WorkerId($"{i}")), ActorRefs.Nobody, new WorkerPools(new InlineComputePool())))];
}
