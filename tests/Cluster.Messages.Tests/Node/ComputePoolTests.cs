using Cluster.Messages.Node;

namespace Cluster.Messages.Tests.Node;

public class ComputePoolTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Work_runs_on_the_pools_named_background_threads_and_continues_elsewhere()
    {
        using var pool = new ComputePool(2, "gemm");

        (string? name, bool background) = await pool.Run(() => (Thread.CurrentThread.Name, Thread.CurrentThread.IsBackground)).WaitAsync(Deadline);
        string? after = Thread.CurrentThread.Name;

        name.ShouldNotBeNull().ShouldStartWith("gemm-");
        background.ShouldBeTrue();
        (after ?? string.Empty).ShouldNotStartWith("gemm-");
    }

    [Fact]
    public async Task A_failure_comes_back_as_it_was_thrown()
    {
        using var pool = new ComputePool(1);

        (await Should.ThrowAsync<InvalidDataException>(pool.Run<int>(() => throw new InvalidDataException("row 3")).WaitAsync(Deadline))).Message.ShouldBe("row 3");
        (await Should.ThrowAsync<InvalidDataException>(new InlineComputePool().Run<int>(() => throw new InvalidDataException("row 3")))).Message.ShouldBe("row 3");
    }

    [Fact]
    public async Task As_many_pieces_run_at_once_as_there_are_threads()
    {
        using var pool = new ComputePool(3);
        using var meeting = new Barrier(3);

        Task<bool>[] all = Enumerable.Range(0, 3).Select(_ => pool.Run(() => meeting.SignalAndWait(Deadline))).ToArray();

        (await Task.WhenAll(all).WaitAsync(Deadline)).ShouldAllBe(met => met);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once()
    {
        using var pool = new ComputePool(1, queueMax: 2);
        using var started = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Task<bool> running = pool.Run(() =>
        {
            started.Set();
            return release.Wait(Deadline);
        });
        started.Wait(Deadline).ShouldBeTrue();
        Task<int> first = pool.Run(() => 1), second = pool.Run(() => 2);

        Task<int> third = pool.Run(() => 3);

        third.IsFaulted.ShouldBeTrue();
        (await Should.ThrowAsync<ComputeRefusedException>(third)).Message.ShouldContain("got 2 pieces of work waiting");
        release.Set();
        (await running.WaitAsync(Deadline)).ShouldBeTrue();
        (await first.WaitAsync(Deadline) + await second.WaitAsync(Deadline)).ShouldBe(3);
    }

    [Fact]
    public async Task Disposing_cancels_what_waits_and_finishes_what_runs()
    {
        var pool = new ComputePool(1);
        using var started = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Task<bool> running = pool.Run(() =>
        {
            started.Set();
            return release.Wait(Deadline);
        });
        started.Wait(Deadline).ShouldBeTrue();
        Task<int> waiting = pool.Run(() => 1);
        Task released = waiting.ContinueWith(_ => release.Set(), TaskScheduler.Default);

        pool.Dispose();

        waiting.IsCanceled.ShouldBeTrue();
        await released.WaitAsync(Deadline);
        (await running.WaitAsync(Deadline)).ShouldBeTrue();
        (await Should.ThrowAsync<ComputeRefusedException>(pool.Run(() => 1))).Message.ShouldContain("disposed");
    }

    [Fact]
    public async Task Disposing_gives_up_at_its_deadline_and_leaves_the_late_thread()
    {
        var pool = new ComputePool(1, deadline: TimeSpan.Zero);
        using var started = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Task<bool> running = pool.Run(() =>
        {
            started.Set();
            return release.Wait(Deadline);
        });
        started.Wait(Deadline).ShouldBeTrue();

        pool.Dispose();

        running.IsCompleted.ShouldBeFalse();
        release.Set();
        (await running.WaitAsync(Deadline)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_result_is_told_on_the_thread_that_computed_it()
    {
        using var pool = new ComputePool(2, "gemm");
        int computed = 0;
        (int Result, int Thread) told = default;

        await pool.Run(
            () =>
            {
                computed = Environment.CurrentManagedThreadId;
                return 7;
            },
            result => told = (result, Environment.CurrentManagedThreadId)).WaitAsync(Deadline);

        told.ShouldBe((7, computed));
    }

    [Fact]
    public async Task What_work_throws_is_not_told_and_what_telling_throws_comes_back()
    {
        using var pool = new ComputePool(1);
        bool told = false;

        (await Should.ThrowAsync<InvalidDataException>(pool.Run<int>(() => throw new InvalidDataException("row 3"), _ => told = true).WaitAsync(Deadline))).Message.ShouldBe("row 3");
        (await Should.ThrowAsync<InvalidDataException>(pool.Run(() => 1, _ => throw new InvalidDataException("row 4")).WaitAsync(Deadline))).Message.ShouldBe("row 4");

        told.ShouldBeFalse();
        (await pool.Run(() => 5).WaitAsync(Deadline)).ShouldBe(5);
    }

    [Fact]
    public async Task A_pool_knows_its_own_threads()
    {
        using var pool = new ComputePool(2);
        using var other = new ComputePool(1);

        pool.RunsHere.ShouldBeFalse();
        (await pool.Run(() => (pool.RunsHere, other.RunsHere)).WaitAsync(Deadline)).ShouldBe((true, false));
    }

    [Fact]
    public async Task The_inline_pool_is_done_when_it_returns()
    {
        int here = Environment.CurrentManagedThreadId;

        Task<int> task = new InlineComputePool().Run(() => Environment.CurrentManagedThreadId);

        task.IsCompletedSuccessfully.ShouldBeTrue();
        (await task).ShouldBe(here);
    }
}
