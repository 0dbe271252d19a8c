using System.Collections.Immutable;

namespace Cluster.Actors.Tests.Sharding.Embedded;

/// <summary>Where shards go and which move.</summary>
public sealed class AllocationStrategyTests : ActorTestKit
{
    [Fact]
    public async Task A_new_shard_goes_to_the_region_with_the_fewest()
    {
        IActorRef[] regions = Regions(3);

        IActorRef chosen = await Strategy().AllocateShard(regions[0], "new", Allocations((regions[0], 2), (regions[1], 1), (regions[2], 2)));

        chosen.ShouldBe(regions[1]);
    }

    [Theory]
    [InlineData(new[] { 8, 0 }, 4)]
    [InlineData(new[] { 8, 0, 0 }, 5)]
    [InlineData(new[] { 3, 3, 2 }, 0)]
    [InlineData(new[] { 4, 4, 0 }, 2)]
    [InlineData(new[] { 1, 0 }, 0)]
    [InlineData(new[] { 2, 0 }, 1)]
    public async Task Just_enough_move_to_even_out(int[] loads, int moving)
    {
        IActorRef[] regions = Regions(loads.Length);

        IImmutableSet<string> chosen = await Strategy().Rebalance(
            Allocations([.. regions.Zip(loads)]), ImmutableHashSet<string>.Empty);

        chosen.Count.ShouldBe(moving);
    }

    [Fact]
    public async Task No_more_move_at_a_time_than_the_limits_allow()
    {
        IActorRef[] regions = Regions(2);
        IImmutableDictionary<IActorRef, IImmutableList<string>> allocations = Allocations((regions[0], 20), (regions[1], 0));

        (await ShardAllocationStrategy.LeastShardAllocationStrategy(3, 1.0).Rebalance(allocations, ImmutableHashSet<string>.Empty)).Count.ShouldBe(3);
        (await ShardAllocationStrategy.LeastShardAllocationStrategy(100, 0.1).Rebalance(allocations, ImmutableHashSet<string>.Empty)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_more_moves_while_shards_are_on_the_move()
    {
        IActorRef[] regions = Regions(2);

        (await Strategy().Rebalance(Allocations((regions[0], 8), (regions[1], 0)), ImmutableHashSet.Create("x"))).ShouldBeEmpty();
    }

    private static IShardAllocationStrategy Strategy() => ShardAllocationStrategy.LeastShardAllocationStrategy(100, 1.0);

    private IActorRef[] Regions(int count) => [.. Enumerable.Range(0, count).Select(_ => CreateTestProbe().Ref).Order()];

    private static ImmutableDictionary<IActorRef, IImmutableList<string>> Allocations(params (IActorRef Region, int Shards)[] loads) =>
        loads.ToImmutableDictionary(
            load => load.Region,
            load => (IImmutableList<string>)Enumerable.Range(0, load.Shards).Select(shard => $"{load.Region.Path.Name}-{shard:00}").ToImmutableList());
}
