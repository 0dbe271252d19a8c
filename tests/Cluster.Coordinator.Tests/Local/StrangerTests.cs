using System.Diagnostics;
using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Cli.Remote;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Messages.Api;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Tests.Local;

/// <summary>A stranger with the token submits jobs for what is none of their business: files of the coordinator, other folders, a place for ever.</summary>
public sealed class StrangerTests : IAsyncLifetime, IDisposable
{
    private const string Token = "a-token-of-some-length", Secret = "hunter2";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-stranger-");
    private readonly string _root;
    private readonly string _runs;
    private LocalCluster _cluster = null!;
    private ClusterApi _api = null!;

    public StrangerTests()
    {
        _root = _folder.CreateSubdirectory("root").FullName;
        _runs = _folder.CreateSubdirectory("runs").FullName;
    }

    public async Task InitializeAsync()
    {
        string token = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(token, Token);
        _cluster = await LocalCluster.StartAsync(
            new LocalClusterOptions(1, 1, _runs)
            {
                Http = new NodeAddress("127.0.0.1", 0),
                TokenPath = token,
                RunsDirectory = _runs,
                JobsAtOnce = 1,
                Roots = new DataRoots([_root], _runs, FileModelStore.FileName),
            }, _ => { });
        _api = new ClusterApi(_cluster.Http!.Value.ToString(), Token, Deadline);
    }

    public async Task DisposeAsync()
    {
        _api.Dispose();
        await _cluster.DisposeAsync();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("{ kind: linear-regression }", "source: PATH, target: b")]
    [InlineData("{ kind: word2vec, dimensions: 4, window: 2 }\ntraining: { epochs: 1, batch: 8, optimizer: { sgd: { rate: 0.025 } } }", "source: PATH, format: text, unit: letters, split: { train: 1 }")]
    [InlineData("{ kind: mlp, layers: [ { dense: 2 } ], start-from: PATH }", "source: good.csv, target: b")]
    public async Task A_file_elsewhere_is_refused_in_the_same_words_whether_or_not_it_is_there(string model, string data)
    {
        File.WriteAllText(Path.Combine(_root, "good.csv"), "a,b\n1,x\n2,y\n");
        string there = Write("secret.csv", $"{Secret},b\n1,2\n"), notThere = Path.Combine(_folder.FullName, "secreT.csv");

        string of = await RefusalAsync("one", model, data, there), without = await RefusalAsync("two", model, data, notThere);

        of.ShouldContain("data-roots");
        of.ShouldNotContain(Secret);
        of.ShouldBe(without.Replace(notThere, there, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_below_a_root_that_leads_elsewhere_is_refused()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "link.csv"), Write("secret.csv", $"{Secret},b\n1,2\n"));

        (await RefusalAsync("link", "{ kind: linear-regression }", "source: PATH, target: b", Path.Combine(_root, "link.csv"))).ShouldContain("data-roots");
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,hunter2\n", "source: rows.csv, target: b, split: { train: 1 }", "rows.csv:3:3")]
    [InlineData("hunter2,x\n1,2\n3,4\n", "source: rows.csv, target: b", "rows.csv:1")]
    [InlineData("hunter2,hunter2\n1,2\n3,4\n", "source: rows.csv, target: hunter1", "rows.csv:1")]
    public async Task An_error_names_the_place_and_nothing_of_what_stands_there(string content, string data, string place)
    {
        File.WriteAllText(Path.Combine(_root, "rows.csv"), content);

        JobFinished finished = await EndAsync(await SubmitAsync("broken", "{ kind: linear-regression }", data));

        finished.Status.ShouldBe(JobStatus.Failed);
        finished.FailureKind.ShouldBe(FailureKind.BadInput);
        finished.Reason.ShouldContain(place);
        finished.Reason.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task A_pipe_below_a_root_holds_no_place()
    {
        string pipe = Path.Combine(_root, "pipe.csv");
        using (Process made = Process.Start("mkfifo", [pipe])) await made.WaitForExitAsync();
        File.WriteAllText(Path.Combine(_root, "good.csv"), "a,b\n1,2\n2,3\n3,4\n4,5\n");
        JobId[] blocked = [await SubmitAsync("first", "{ kind: linear-regression }", "source: pipe.csv, target: b"), await SubmitAsync("second", "{ kind: linear-regression }", "source: pipe.csv, target: b")];
        JobId good = await SubmitAsync("good", "{ kind: linear-regression }", "source: good.csv, target: b, split: { train: 1 }");

        (await EndAsync(good)).Reason.ShouldBeEmpty();

        foreach (JobId job in blocked) (await EndAsync(job)).Reason.ShouldContain("got a pipe");
    }

    [Theory]
    [InlineData("job", "elsewhere")]
    [InlineData("job", "runs/../elsewhere")]
    [InlineData("job", "runs/link/run")]
    [InlineData("job", "runs")]
    [InlineData("../elsewhere", "")]
    [InlineData("job/../../elsewhere", "")]
    [InlineData("link", "")]
    public async Task A_member_that_names_a_run_directory_elsewhere_writes_nothing(string name, string directory)
    {
        string elsewhere = _folder.CreateSubdirectory("elsewhere").FullName;
        Directory.CreateSymbolicLink(Path.Combine(_runs, "link"), elsewhere);
        File.WriteAllText(Path.Combine(_root, "good.csv"), "a,b\n1,2\n2,3\n3,4\n");
        SubmitJob submit = new(
            new JobId(name), "data: { source: good.csv, target: b }\nmodel: { kind: linear-regression }", _root,
            directory.Length == 0 ? "" : Path.Combine(_folder.FullName, directory), null, 0);

        JobRefused refused = (await _cluster.Jobs.Ask<object>(submit, Deadline)).ShouldBeOfType<JobRefused>();

        refused.Kind.ShouldBe(FailureKind.BadInput);
        Directory.EnumerateFileSystemEntries(elsewhere).ShouldBeEmpty();
    }

    private async Task<string> RefusalAsync(string name, string model, string data, string path)
    {
        CommandFailedException refused = await Should.ThrowAsync<CommandFailedException>(SubmitAsync(
            name, model.Replace("PATH", path, StringComparison.Ordinal), data.Replace("PATH", path, StringComparison.Ordinal)));
        refused.ExitCode.ShouldBe(ExitCode.BadInput);
        return refused.Message;
    }

    private async Task<JobId> SubmitAsync(string name, string model, string data) => (await _api.SubmitAsync(
        new JobSubmission(new JobId(name), $"name: {name}\ndata: {{ {data} }}\nmodel: {model}\n", _root))).Job;

    private async Task<JobFinished> EndAsync(JobId job)
    {
        await foreach (object report in _api.WatchAsync(job, Deadline))
            if (report is JobFinished finished) return finished;
        throw new InvalidOperationException("The watch ended before the job.");
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
