namespace Cluster.EndToEnd.Tests;

/// <summary>Half of a cluster is killed at once, its only seed among it: what is left finds together again, and no job is lost.</summary>
public sealed class LostTogetherTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2), Interval = TimeSpan.FromMilliseconds(200);
    private static readonly string[] Timing = ["--heartbeat-interval", "200ms", "--acceptable-pause", "1s", "--down-after", "1s"];
    private readonly TemporaryFolder _folder = new();
    private readonly string _seed = SupervisedNode.FreeAddress(), _http = SupervisedNode.FreeAddress();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_seed_and_a_worker_that_are_killed_together_cost_no_job() => DisturbedJob.OfAsync(300, async epochs =>
    {
        string[] job = [Repository.Job("digits-mlp"), "--set", $"training.epochs={epochs}", "--set", "training.early-stopping=null"];
        string alone = (await ClusterProcess.RunAsync(["train", .. job, "--out", _folder[$"alone-{epochs}"], "--json"])).ModelSha256;
        await using SupervisedNode seed = Node("seed", "seed", "--listen", _seed, "--http", _http, "--http-token-file", Token());
        await using SupervisedNode coordinator = Node("coordinator", "coordinator", "--seeds", _seed, "--runs", _folder["runs"], "--data-roots", Path.Combine(Repository.Root, "deploy", "jobs"));
        await using SupervisedNode first = Node("worker", "worker-1", "--seeds", _seed);
        await using SupervisedNode second = Node("worker", "worker-2", "--seeds", _seed);
        await UntilAsync(async () => await MembersAsync() == 4, () => $"four members\n{seed.Said}{coordinator.Said}");
        string name = $"job-{epochs}";
        (await AskAsync(["submit", .. job, "--name", name])).ExitCode.ShouldBe(0);
        long epoch = 0;
        await UntilAsync(async () => (epoch = await EpochsAsync(name)) > 0, () => "the first epoch");
        DisturbedJob.Require(epoch < epochs / 2, "the kill");

        await Task.WhenAll(seed.KillAsync(), first.KillAsync());
        ClusterProcess.Finished? finished = null;
        await UntilAsync(async () => (finished = await AskAsync("watch", name)).ExitCode == 0, () => $"the end of the job\n{finished?.Messages}\n{seed.Said}\n{coordinator.Said}\n{second.Said}");

        finished!.ModelSha256.ShouldBe(alone);
        await UntilAsync(async () => await MembersAsync() == 4, () => "four members again");
    });

    private SupervisedNode Node(string role, string name, params string[] settings) =>
        SupervisedNode.Start(role, ["--name", name, "--known-members", _folder[$"{name}.members"], .. Timing, .. settings]);

    private Task<ClusterProcess.Finished> AskAsync(params string[] arguments) => ClusterProcess.RunAsync([.. arguments, "--connect", _http, "--token-file", Token(), "--json"]);

    private string Token()
    {
        if (!File.Exists(_folder["token"])) File.WriteAllText(_folder["token"], "a-token-of-some-length");
        return _folder["token"];
    }

    private async Task<int> MembersAsync() => await AskAsync("status") is { ExitCode: 0 } status
        ? status.Json["members"]!.AsArray().Count(member => member!["status"]!.GetValue<string>() == "Up")
        : 0;

    private async Task<long> EpochsAsync(string job) => (await AskAsync("jobs")).Json["jobs"]!.AsArray()
        .Where(line => line!["job"]!.GetValue<string>() == job).Select(line => line!["epoch"]!.GetValue<long>()).FirstOrDefault();

    private static async Task UntilAsync(Func<Task<bool>> holds, Func<string> what)
    {
        using CancellationTokenSource late = new(Deadline);
        while (!await holds())
        {
            if (late.IsCancellationRequested) throw new TimeoutException($"wanted {what()}");
            await Task.Delay(Interval, TimeProvider.System, CancellationToken.None);
        }
    }
}
