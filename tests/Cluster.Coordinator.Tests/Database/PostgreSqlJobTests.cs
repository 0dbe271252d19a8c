using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Database;
using Cluster.Messages;
using Cluster.Messages.Node;
using Cluster.Tests.Shared;

namespace Cluster.Coordinator.Tests.Database;

[Collection(PostgreSqlTests.Name)]
public sealed class PostgreSqlJobTests(PostgreSqlServer server)
{
    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_job_goes_on_by_itself_when_the_server_is_restarted_under_it(bool crash)
    {
        string text = TestData.Mlp(epochs: 6);
        int restarts = 0;
        await using CoordinatorBench bench = Bench(server.NewDatabase());
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((push, count) =>
        {
            if (count % 12 != 11 || restarts == 2) return [push];
            restarts++;
            server.Stop(crash);
            server.Start();
            return [push];
        })));

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(text));

        restarts.ShouldBe(2);
        finished.Reason.ShouldBeEmpty();
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
    }

    [SkippableFact]
    public async Task Another_coordinator_goes_on_where_the_first_one_stopped()
    {
        string database = server.NewDatabase(), text = TestData.Mlp(epochs: 6);
        SubmitJob submit = CoordinatorBench.Submit(text);
        TaskCompletionSource halfway = new(TaskCreationOptions.RunContinuationsAsynchronously);
        CoordinatorBench first = Bench(database);
        await first.Start(system => system.ActorOf(InlineWorker.PropsOf((push, count) =>
        {
            if (count < 20) return [push];
            halfway.TrySetResult();
            return [];
        })));
        (await first.Manager.Ask<object>(submit, CoordinatorBench.Deadline)).ShouldBeOfType<JobAccepted>();
        await halfway.Task.WaitAsync(CoordinatorBench.Deadline);
        await first.Stop();

        await using CoordinatorBench second = Bench(database);
        await second.Start(system => system.ActorOf(InlineWorker.PropsOf()));

        (await second.Finished(submit.Job)).ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
    }

    private static CoordinatorBench Bench(string database) => new()
    {
        JournalConnection = database,
        OtherCheckpoints = new DatabaseCheckpointStore(CoordinatorDatabase.Of(new NodeOptions { JournalConnection = database })),
    };
}
