using Cluster.Coordinator.Local;
using Cluster.Messages.Node;

namespace Cluster.Coordinator.Tests.Local;

public sealed class WaitingWorkersTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Work_that_a_worker_asks_for_is_done_by_the_others_in_turn()
    {
        using ComputePool first = new(1, "first"), second = new(1, "second"), third = new(1, "third");
        WaitingWorkers workers = Of(atOnce: 8, first, second, third);

        string[] asked = await first.Run(() => Enumerable.Range(0, 4).Select(_ => workers.Run(Name).WaitAsync(Deadline).Result).ToArray()).WaitAsync(Deadline);

        asked.ShouldBeSubsetOf(["second-0", "third-0"]);
        asked.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Another_thread_of_the_same_worker_helps()
    {
        using ComputePool only = new(2, "only");
        WaitingWorkers workers = Of(atOnce: 8, only);

        (await only.Run(() => workers.Run(Name).WaitAsync(Deadline).Result != Name()).WaitAsync(Deadline)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_worker_by_itself_is_refused_help()
    {
        using ComputePool only = new(1);
        WaitingWorkers workers = Of(atOnce: 8, only);

        Task<string> refused = await only.Run(() => workers.Run(Name)).WaitAsync(Deadline);

        (await Should.ThrowAsync<ComputeRefusedException>(refused)).Message.ShouldContain("a thread beside this one");
    }

    [Fact]
    public void There_are_as_many_threads_as_the_workers_have_but_no_more_than_may_compute_at_once()
    {
        using ComputePool one = new(1), two = new(2);

        Of(atOnce: 8).Threads.ShouldBe(1);
        Of(atOnce: 8, one, two).Threads.ShouldBe(3);
        Of(atOnce: 2, one, two).Threads.ShouldBe(2);
    }

    private static string Name() => Thread.CurrentThread.Name!;

    private static WaitingWorkers Of(int atOnce, params ComputePool[] pools)
    {
        WaitingWorkers workers = new(atOnce);
        foreach (ComputePool pool in pools) workers.Add(pool);
        return workers;
    }
}
