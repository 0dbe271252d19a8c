using Cluster.Coordinator.ParameterServer;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Randomness;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class StaleClocksTests
{
    private const long End = 100;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void Nobody_begins_further_ahead_of_the_slowest_than_the_bound(int bound)
    {
        StaleClocks clocks = new(4, bound);

        while (clocks.MayBegin(0, End)) clocks.Take(new Subtree(0, 1), clocks[0]).ShouldBeTrue();

        clocks[0].ShouldBe(bound + 1);
        clocks.Slowest.ShouldBe(0);
        for (int shard = 1; shard < 4; shard++) clocks.Take(new Subtree(shard, 1), 0).ShouldBeTrue();
        clocks.Slowest.ShouldBe(1);
        clocks.MayBegin(0, End).ShouldBeTrue();
    }

    [Fact]
    public void A_step_that_breaks_the_bound_is_a_fault_of_the_program()
    {
        StaleClocks clocks = new(2, bound: 1);
        clocks.Take(new Subtree(0, 1), 0);
        clocks.Take(new Subtree(0, 1), 1);

        Should.Throw<InvalidOperationException>(() => clocks.Take(new Subtree(0, 1), 2));
    }

    [Fact]
    public void A_step_counts_once_and_only_where_the_whole_subtree_stands_at_it()
    {
        StaleClocks clocks = new(4, bound: 3);

        clocks.Take(new Subtree(0, 2), 0).ShouldBeTrue();
        clocks.Take(new Subtree(0, 2), 0).ShouldBeFalse("it came before");
        clocks.Take(new Subtree(0, 4), 0).ShouldBeFalse("half of it came before");
        clocks.Take(new Subtree(2, 2), 1).ShouldBeFalse("their step 0 is missing");

        clocks.ToArray().ShouldBe([1, 1, 0, 0]);
    }

    [Fact]
    public void All_wait_for_each_other_at_the_end()
    {
        StaleClocks clocks = new(2, bound: 9);
        clocks.Restore([3, 1]);

        clocks.Slowest.ShouldBe(1);
        clocks.MayBegin(0, end: 3).ShouldBeFalse();
        clocks.MayBegin(1, end: 3).ShouldBeTrue();
    }

    // The ledger, over randomness: workers come, go, answer twice and late; in the end each step of each micro-batch was taken once.
    [Fact]
    public void Whatever_order_answers_come_in_every_step_of_every_micro_batch_counts_once()
    {
        const int steps = 20;
        for (int seed = 0; seed < 50; seed++)
        {
            RandomStream random = RandomStream.At((ulong)seed, RandomPurpose.Augment);
            StaleClocks clocks = new(8, bound: seed % 5);
            int[,] ledger = new int[8, steps];
            while (clocks.Slowest < steps)
            {
                int count = 1 << random.Next(3), first = random.Next(8 / count) * count;
                long step = random.Next(steps);
                Subtree subtree = new(first, count);
                if (!Enumerable.Range(first, count).All(shard => clocks.MayBegin(shard, steps) || clocks[shard] != step)) continue;
                if (!clocks.Take(subtree, step)) continue;
                for (int shard = first; shard < first + count; shard++) ledger[shard, step]++;
            }
            ledger.Cast<int>().ShouldAllBe(times => times == 1);
        }
    }
}
