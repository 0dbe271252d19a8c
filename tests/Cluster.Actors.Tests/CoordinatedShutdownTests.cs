namespace Cluster.Actors.Tests;

public sealed class CoordinatedShutdownTests : ActorTestKit
{
    [Fact]
    public async Task Phases_run_in_order_whatever_the_order_of_adding_and_terminate_runs_them()
    {
        System.Collections.Concurrent.ConcurrentQueue<string> ran = new();
        CoordinatedShutdown shutdown = CoordinatedShutdown.Get(Sys);
        Add(shutdown, ran, CoordinatedShutdown.PhaseBeforeActorSystemTerminate);
        Add(shutdown, ran, CoordinatedShutdown.PhaseServiceStop);
        Add(shutdown, ran, CoordinatedShutdown.PhaseBeforeServiceUnbind);
        Add(shutdown, ran, CoordinatedShutdown.PhaseClusterLeave);
        await Sys.Terminate().WaitAsync(TimeSpan.FromSeconds(60));
        ran.ShouldBe(
        [
            CoordinatedShutdown.PhaseBeforeServiceUnbind, CoordinatedShutdown.PhaseServiceStop,
            CoordinatedShutdown.PhaseClusterLeave, CoordinatedShutdown.PhaseBeforeActorSystemTerminate,
        ]);
    }

    [Fact]
    public async Task A_failing_task_does_not_stop_the_shutdown()
    {
        CoordinatedShutdown shutdown = CoordinatedShutdown.Get(Sys);
        bool later = false;
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "fails", () => throw new InvalidOperationException("boom"));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "runs", () =>
        {
            later = true;
            return Task.FromResult(Done.Instance);
        });
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(TimeSpan.FromSeconds(60));
        later.ShouldBeTrue();
        shutdown.ShutdownReason.ShouldBe(CoordinatedShutdown.ClrExitReason.Instance);
        await Sys.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task It_runs_once_however_often_it_is_called()
    {
        int runs = 0;
        CoordinatedShutdown shutdown = CoordinatedShutdown.Get(Sys);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "counts", () =>
        {
            Interlocked.Increment(ref runs);
            return Task.FromResult(Done.Instance);
        });
        await Task.WhenAll(shutdown.Run(CoordinatedShutdown.UnknownReason.Instance), shutdown.Run(CoordinatedShutdown.UnknownReason.Instance))
            .WaitAsync(TimeSpan.FromSeconds(60));
        runs.ShouldBe(1);
    }

    [Fact]
    public async Task Termination_stops_all_actors_and_runs_what_was_registered()
    {
        TaskCompletionSource stopped = new();
        TaskCompletionSource registered = new();
        Sys.ActorOf(Props.Create(() => new Signals(stopped)));
        Sys.RegisterOnTermination(registered.SetResult);
        await Sys.Terminate().WaitAsync(TimeSpan.FromSeconds(60));
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await registered.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static void Add(CoordinatedShutdown shutdown, System.Collections.Concurrent.ConcurrentQueue<string> ran, string phase) =>
        shutdown.AddTask(phase, "note", () =>
        {
            ran.Enqueue(phase);
            return Task.FromResult(Done.Instance);
        });

    private sealed class Signals(TaskCompletionSource stopped) : ReceiveActor
    {
        protected override void PostStop() => stopped.TrySetResult();
    }
}
