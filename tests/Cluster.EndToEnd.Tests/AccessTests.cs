using System.Net;
using System.Text.Json.Nodes;
using Cluster.Ml.Data;

namespace Cluster.EndToEnd.Tests;

/// <summary>Who gets at what the command makes: its user, and nobody else of the machine.</summary>
public sealed class AccessTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private readonly TemporaryFolder _folder = new();

    private string Runs => _folder["runs"];

    private Dictionary<string, string> Home(string name) => new() { ["XDG_STATE_HOME"] = _folder[name] };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_training_writes_is_closed_to_others()
    {
        ClusterProcess.Finished trained = await ClusterProcess.RunAsync(
            ["train", Repository.Job("digits-softmax"), "--set", "training.epochs=2", "--workers", "1", "--out", Runs, "--data-cache", _folder["cache"], "--data-memory", "0"]);

        trained.ExitCode.ShouldBe(0, trained.Messages);
        Files(Runs).Count.ShouldBeGreaterThan(3);
        Open(Runs).ShouldBeEmpty();
        Open(_folder["cache"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cluster_on_this_machine_answers_its_own_user_alone()
    {
        using ClusterProcess up = ClusterProcess.Start(
            ["up", "--workers", "1", "--http", "127.0.0.1:0", "--runs", Runs, "--data-roots", Repository.Root, "--json"], Home("own"));
        string address = "";
        await up.SeeAsync(line =>
        {
            if (!line.StartsWith("{\"http\"", StringComparison.Ordinal)) return false;
            address = JsonNode.Parse(line)!["http"]!.GetValue<string>();
            return true;
        });
        using HttpClient stranger = new() { Timeout = Deadline };

        (await stranger.GetAsync(new Uri($"http://{address}/api/v1/jobs"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        ClusterProcess.Finished other = await ClusterProcess.RunAsync(["jobs", "--connect", address], Home("other"));
        (other.ExitCode, other.Messages.Contains("--token-file", StringComparison.Ordinal)).ShouldBe((4, true), other.Messages);
        (await ClusterProcess.RunAsync(["jobs", "--connect", address, "--token-file", Path.Combine(Runs, "token")], Home("other"))).ExitCode.ShouldBe(0);
        string[] job = [Repository.Job("digits-softmax"), "--set", "training.epochs=2", "--connect", address];
        (await ClusterProcess.RunAsync(["submit", .. job], Home("own"))).ExitCode.ShouldBe(0);
        ClusterProcess.Finished watched = await ClusterProcess.RunAsync(["watch", "digits-softmax", "--connect", address], Home("own"));
        watched.ExitCode.ShouldBe(0, watched.Messages);
        Files(Runs).ShouldContain(file => Path.GetFileName(file) == "model.cluster");
        Open(Runs).ShouldBeEmpty();
        Open(_folder["own"]).ShouldBeEmpty();
        up.Interrupt();
        (await up.FinishAsync()).ExitCode.ShouldBe(0);
        Files(_folder["own"]).ShouldBeEmpty();       // the token is forgotten with the cluster
    }

    private static IReadOnlyList<string> Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories);

    /// <summary>What other users could read, write or enter.</summary>
    private static IEnumerable<string> Open(string folder) => Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder)
        .Where(path => (FileStatus.Of(path).Mode & PrivateFiles.Others) != 0);
}
