using Cluster.Coordinator.ParameterServer;
using Cluster.Messages.Node;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class PoolPartRunnerTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 1000)]
    public void Every_part_is_run_once(int threads, int parts)
    {
        using ComputePool pool = new(threads);
        PoolPartRunner runner = new(pool);
        int[] runs = new int[parts];

        for (int i = 0; i < 20; i++) runner.Run(parts, part => Interlocked.Increment(ref runs[part]));

        runs.ShouldAllBe(count => count == 20);
    }

    [Fact]
    public void The_pool_does_parts_that_the_caller_has_not_begun()
    {
        using ComputePool pool = new(2);
        using CountdownEvent both = new(2);
        int[] threads = new int[2];

        new PoolPartRunner(pool).Run(2, part =>
        {
            threads[part] = Environment.CurrentManagedThreadId;
            both.Signal();
            both.Wait(TimeSpan.FromMinutes(2)).ShouldBeTrue();     // each waits for the other: one thread would never do both
        });

        threads.ShouldBeUnique();
    }

    [Fact]
    public void A_pool_that_is_busy_holds_nothing_up()
    {
        LatePool pool = new(threads: 3);
        PoolPartRunner runner = new(pool);
        int runs = 0, mine = Environment.CurrentManagedThreadId;

        for (int call = 0; call < 5; call++) runner.Run(7, _ => runs += Environment.CurrentManagedThreadId == mine ? 1 : 100);

        runs.ShouldBe(5 * 7);
        pool.Waiting.Count.ShouldBe(2, "nobody is asked again who has not come yet");
    }

    [Fact]
    public void A_helper_that_comes_late_finds_nothing_left_or_helps_with_what_is_under_way()
    {
        LatePool pool = new(threads: 2);
        PoolPartRunner runner = new(pool);
        List<string> runs = [];
        runner.Run(2, part => runs.Add($"first {part}"));

        pool.Waiting.Dequeue()();
        runs.ShouldBe(["first 0", "first 1"]);
        runner.Run(3, part =>
        {
            if (part == 0) pool.Waiting.Dequeue()();       // comes while the caller is at its first part, and does all others
            runs.Add($"second {part}");
        });

        runs[2..].ShouldBe(["second 1", "second 2", "second 0"]);
    }

    [Fact]
    public void A_pool_that_refuses_is_done_without_and_asked_again()
    {
        LatePool pool = new(threads: 2) { Refuses = true };
        PoolPartRunner runner = new(pool);
        int runs = 0;
        runner.Run(3, _ => runs++);
        pool.Refuses = false;

        runner.Run(3, _ => runs++);

        runs.ShouldBe(6);
        pool.Waiting.Count.ShouldBe(1);
    }

    [Fact]
    public void What_a_part_throws_is_told_when_all_are_done_and_the_next_call_knows_nothing_of_it()
    {
        using ComputePool pool = new(2);
        PoolPartRunner runner = new(pool);
        int runs = 0;

        AggregateException told = Should.Throw<AggregateException>(() => runner.Run(9, part =>
        {
            Interlocked.Increment(ref runs);
            if (part == 3) throw new InvalidOperationException("third");
        }));

        told.InnerException!.Message.ShouldBe("third");
        runs.ShouldBe(9);
        runner.Run(9, _ => Interlocked.Increment(ref runs));
        runs.ShouldBe(18);
    }

    /// <summary>Keeps what it is given until the test runs it.</summary>
    private sealed class LatePool(int threads) : IComputePool
    {
        public int Threads => threads;

        public bool Refuses { get; set; }

        public Queue<Action> Waiting { get; } = [];

        public Task<T> Run<T>(Func<T> work)
        {
            if (Refuses) return Task.FromException<T>(new ComputeRefusedException("late", "refused"));
            Waiting.Enqueue(() => work());
            return new TaskCompletionSource<T>().Task;
        }
    }
}
