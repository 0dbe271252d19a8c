using System.Text.Json.Nodes;

namespace Cluster.EndToEnd.Tests;

/// <summary>A cluster that stays up, and the verbs that talk to it, as processes of their own.</summary>
public sealed class RunningClusterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_job_is_submitted_watched_cancelled_and_resumed(bool processes) => DisturbedJob.OfAsync(100, async epochs =>
    {
        string[] job = [Repository.Job("digits-mlp"), "--set", $"training.epochs={epochs}", "--set", "training.early-stopping=null"];
        string name = $"job-{epochs}";
        string alone = (await ClusterProcess.RunAsync(["train", .. job, "--out", _folder[$"alone-{epochs}"], "--json"])).ModelSha256;
        using ClusterProcess up = ClusterProcess.Start(Up(processes, $"runs-{epochs}"));
        string address = await AddressAsync(up);

        (await RunAsync(address, ["submit", .. job, "--name", name])).Json["status"]!.GetValue<string>().ShouldBe("queued");
        using (ClusterProcess watch = ClusterProcess.Start("watch", name, "--connect", address))
        {
            await watch.SeeAsync(line => line.StartsWith("epoch ", StringComparison.Ordinal));
            ClusterProcess.Finished cancelled = await RunAsync(address, "cancel", name), watched = await watch.FinishAsync();
            DisturbedJob.Require(watched.ExitCode != 0, "it was cancelled");
            cancelled.ExitCode.ShouldBe(0);
            watched.ExitCode.ShouldBe(130);
        }
        StatusOf(await RunAsync(address, "jobs")).ShouldBe("cancelled");
        (await RunAsync(address, "resume", name)).Json["run"]!.GetValue<int>().ShouldBe(2);
        ClusterProcess.Finished finished = await RunAsync(address, "watch", name);

        finished.ExitCode.ShouldBe(0);
        finished.ModelSha256.ShouldBe(alone);
        (await RunAsync(address, "status")).Json["members"]!.AsArray().Count.ShouldBe(processes ? 3 : 1);
        up.Interrupt();
        (await up.FinishAsync()).ExitCode.ShouldBe(0);
    });

    [Fact]
    public async Task Training_on_a_running_cluster_gives_the_result_and_the_model_of_a_local_one()
    {
        string[] job = ["train", Repository.Job("digits-mlp"), "--set", "training.epochs=3", "--json"];
        ClusterProcess.Finished alone = await ClusterProcess.RunAsync([.. job, "--out", _folder["alone"]]);
        using ClusterProcess up = ClusterProcess.Start(Up(processes: false));
        string address = await AddressAsync(up);

        ClusterProcess.Finished remote = await ClusterProcess.RunAsync([.. job, "--out", _folder["fetched"], "--connect", address]);

        remote.ExitCode.ShouldBe(0, remote.Messages);
        remote.ModelSha256.ShouldBe(alone.ModelSha256);
        remote.Json.Select(entry => entry.Key).Append("diagnosis").ShouldBe(alone.Json.Select(entry => entry.Key));      // which looks at rows: they lie with the cluster
        File.ReadAllBytes(remote.Json["model"]!.GetValue<string>()).ShouldBe(File.ReadAllBytes(alone.Json["model"]!.GetValue<string>()));
        foreach (string run in (string[])[Path.Combine(_folder["runs"], "digits-mlp"), _folder["fetched"]])
        {
            ClusterProcess.Finished report = await ClusterProcess.RunAsync("report", run, "--json");
            report.ExitCode.ShouldBe(0, report.Messages);
            (await File.ReadAllTextAsync((string)report.Json["page"]!)).ShouldContain(alone.ModelSha256);
        }
    }

    [Fact]
    public Task An_unfinished_job_goes_on_when_the_cluster_is_started_again() => DisturbedJob.OfAsync(100, async epochs =>
    {
        string runs = $"runs-{epochs}";
        using (ClusterProcess up = ClusterProcess.Start(Up(processes: false, runs)))
        {
            string address = await AddressAsync(up);
            await RunAsync(
                address, "submit", Repository.Job("digits-mlp"), "--set", $"training.epochs={epochs}", "--set", "training.early-stopping=null", "--name", "job");
            using ClusterProcess watch = ClusterProcess.Start("watch", "job", "--connect", address);
            await watch.SeeAsync(line => line.StartsWith("epoch ", StringComparison.Ordinal));
            await up.KillAsync();
        }
        using ClusterProcess again = ClusterProcess.Start(Up(processes: false, runs));

        ClusterProcess.Finished finished = await RunAsync(await AddressAsync(again), "watch", "job");

        finished.ExitCode.ShouldBe(0, finished.Messages);
    });

    [Theory]
    [InlineData("worker")]
    [InlineData("coordinator")]
    [InlineData("seed")]
    public async Task A_program_whose_seed_never_answers_ends_with_4(string role)
    {
        using System.Net.Sockets.TcpListener silent = new(System.Net.IPAddress.Loopback, 0);
        silent.Start();

        ClusterProcess.Finished node = await ClusterProcess.RunAsync(
            ["node", role, "--seeds", silent.LocalEndpoint.ToString()!, "--join-deadline", "2s", .. role == "coordinator" ? ["--runs", _folder["runs"]] : Array.Empty<string>()]);

        node.ExitCode.ShouldBe(4);
        node.Messages.ShouldContain(silent.LocalEndpoint.ToString()!);
    }

    private string[] Up(bool processes, string runs = "runs") =>
    [
        "up", "--workers", "2", "--http", "127.0.0.1:0", "--runs", _folder[runs], "--data-roots", Path.GetDirectoryName(Repository.Job("digits-mlp"))!, "--json", .. processes ? ["--processes", "--listen", "127.0.0.1:0"] : Array.Empty<string>(),
    ];

    private static async Task<string> AddressAsync(ClusterProcess up)
    {
        string? address = null;
        await up.SeeAsync(line =>
        {
            if (!line.StartsWith("{\"http\"", StringComparison.Ordinal)) return false;
            address = JsonNode.Parse(line)!["http"]!.GetValue<string>();
            return true;
        });
        return address!;
    }

    private static Task<ClusterProcess.Finished> RunAsync(string address, params string[] arguments) =>
        ClusterProcess.RunAsync([.. arguments, "--connect", address, "--json"]);

    private static string StatusOf(ClusterProcess.Finished jobs) => jobs.Json["jobs"]!.AsArray()[0]!["status"]!.GetValue<string>();
}
