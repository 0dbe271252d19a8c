using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Tests.Jobs;

/// <summary>A disk that does not answer keeps whoever reads from it waiting; the job's place is free as soon as the job is cancelled.</summary>
public sealed class BlockedSourceTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Cancelling_a_job_whose_data_never_comes_lets_the_next_begin()
    {
        using ManualResetEventSlim never = new();
        await using CoordinatorBench bench = new()
        {
            Limits = CoordinatorBench.Quick with { JobsAtOnce = 1 },
            Compute = new OwnThreads(),
            LoadData = (spec, numbers) =>
            {
                if (spec.Name == "blocked") never.Wait();
                return PreparedData.Load(spec, numbers);
            },
        };
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));
        JobId blocked = new("blocked"), next = new("next");
        await bench.Manager.Ask<JobAccepted>(CoordinatorBench.Submit(Named(blocked), "blocked"), Deadline);
        await bench.Manager.Ask<JobAccepted>(CoordinatorBench.Submit(Named(next), "next"), Deadline);

        await CancelAsync(bench, blocked);

        (await bench.Finished(blocked)).Status.ShouldBe(JobStatus.Cancelled);
        (await bench.Finished(next)).Status.ShouldBe(JobStatus.Completed);
        never.Set();
    }

    /// <summary>Asks until somebody answers: the job's actor may not have begun.</summary>
    private static async Task CancelAsync(CoordinatorBench bench, JobId job)
    {
        using CancellationTokenSource late = new(Deadline);
        while (true)
        {
            try
            {
                await bench.Manager.Ask<JobCancelling>(new CancelJob(job, 1), TimeSpan.FromSeconds(5));
                return;
            }
            catch (AskTimeoutException)
            {
                late.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private static string Named(JobId job) => TestData.Linear.Replace("name: diabetes", $"name: {job}", StringComparison.Ordinal);

    private sealed class OwnThreads : IComputePool
    {
        public int Threads => 4;

        public Task<T> Run<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
