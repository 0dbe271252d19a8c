using System.Net;
using System.Net.Sockets;

namespace Cluster.EndToEnd.Tests;

/// <summary>The three programs, told to end by SIGTERM as systemd, Docker and Kubernetes do, while they are at work.</summary>
public sealed class TerminationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_worker_the_coordinator_and_a_seed_leave_in_mid_job_with_0_and_the_model_stays() => DisturbedJob.OfAsync(200, async epochs =>
    {
        string[] job = [Repository.Job("digits-mlp"), "--set", $"training.epochs={epochs}", "--set", "training.early-stopping=null"];
        string alone = (await ClusterProcess.RunAsync(["train", .. job, "--workers", "1", "--out", _folder[$"alone-{epochs}"], "--json"])).ModelSha256;
        string http = $"127.0.0.1:{FreePort()}", runs = _folder[$"runs-{epochs}"], token = _folder["token"], data = Path.GetDirectoryName(Repository.Job("digits-mlp"))!;
        await File.WriteAllTextAsync(token, "a-token-of-some-length");
        using ClusterProcess seed = Node("seed", "--http", "127.0.0.1:0");
        string contact = await AddressAsync(seed);
        using ClusterProcess otherSeed = Node("seed", "--http", http, "--http-token-file", token, "--seeds", contact);
        string contacts = $"{contact},{await AddressAsync(otherSeed)}";
        using ClusterProcess coordinator = Node("coordinator", "--runs", runs, "--data-roots", data, "--seeds", contacts);
        using ClusterProcess worker = Node("worker", "--threads", "1", "--seeds", contacts), otherWorker = Node("worker", "--threads", "1", "--seeds", contacts);
        foreach (ClusterProcess node in new[] { coordinator, worker, otherWorker }) await AddressAsync(node);
        (await ClusterProcess.RunAsync(["submit", .. job, "--name", "job", "--connect", http, "--token-file", token])).ExitCode.ShouldBe(0);
        using ClusterProcess watch = ClusterProcess.Start("watch", "job", "--connect", http, "--token-file", token, "--json");
        await watch.SeeAsync(line => line.StartsWith("epoch ", StringComparison.Ordinal));

        await TerminatedAsync(worker, watch);
        await TerminatedAsync(coordinator, watch);
        using ClusterProcess successor = Node("coordinator", "--runs", runs, "--data-roots", data, "--seeds", contacts);
        await AddressAsync(successor);
        await TerminatedAsync(seed, watch);
        ClusterProcess.Finished finished = await watch.FinishAsync();

        finished.ExitCode.ShouldBe(0, finished.Messages);
        finished.ModelSha256.ShouldBe(alone);
    });

    /// <summary>Ends a program, which must say that it went well, and must have come before the end of the job.</summary>
    private static async Task TerminatedAsync(ClusterProcess node, ClusterProcess watch)
    {
        node.Terminate();
        ClusterProcess.Finished ended = await node.FinishAsync();

        DisturbedJob.Require(!watch.HasExited, "the signal");
        ended.ExitCode.ShouldBe(0, ended.Messages);
    }

    private static ClusterProcess Node(string role, params string[] settings) => ClusterProcess.Start(["node", role, "--listen", "127.0.0.1:0", .. settings]);

    /// <summary>Where a node says that it is a member.</summary>
    private static async Task<string> AddressAsync(ClusterProcess node)
    {
        const string member = " is a member of the cluster, at ";
        string address = "";
        await node.SeeAsync(line =>
        {
            int at = line.IndexOf(member, StringComparison.Ordinal);
            if (at >= 0) address = line[(at + member.Length)..].TrimEnd('.');
            return at >= 0;
        });
        return address;
    }

    private static int FreePort()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
