using System.Net;
using System.Text;
using System.Text.Json.Nodes;
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

/// <summary>The HTTP API of a whole cluster, asked as a stranger would and as the command does.</summary>
public sealed class HttpApiTests : IDisposable
{
    private const string Token = "a-token-of-some-length";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-http-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_job_is_submitted_watched_and_its_model_fetched()
    {
        await using LocalCluster cluster = await StartAsync();
        using ClusterApi api = Api(cluster);

        JobAccepted accepted = await api.SubmitAsync(Submission("job", TestData.Mlp(epochs: 2)));
        List<object> heard = [];
        await foreach (object report in api.WatchAsync(accepted.Job, Deadline)) heard.Add(report);
        string model = Path.Combine(_folder.FullName, "fetched");
        await api.DownloadAsync(accepted.Job, model, Deadline);

        JobFinished finished = heard[^1].ShouldBeOfType<JobFinished>();
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(TestData.Mlp(epochs: 2)).Sha256);
        (await File.ReadAllBytesAsync(model)).ShouldBe(await File.ReadAllBytesAsync(finished.ModelPath));
        (await api.DescribeAsync(accepted.Job)).Finished!.ModelSha256.ShouldBe(finished.ModelSha256);
        (await api.JobsAsync()).Jobs.ShouldHaveSingleItem().Status.ShouldBe(JobStatus.Completed);
    }

    [Fact]
    public async Task A_job_is_cancelled_and_resumed_to_the_undisturbed_model()
    {
        string text = TestData.MlpToTheEnd(epochs: 300);
        await using LocalCluster cluster = await StartAsync();
        using ClusterApi api = Api(cluster);
        JobId job = (await api.SubmitAsync(Submission("job", text))).Job;
        await foreach (object report in api.WatchAsync(job, Deadline))
            if (report is StepsProgressed) break;

        await api.CancelAsync(job);
        JobFinished cancelled = await EndAsync(api, job);
        (await api.ResumeAsync(job)).Run.ShouldBe(2);
        JobFinished finished = await EndAsync(api, job);

        cancelled.Status.ShouldBe(JobStatus.Cancelled);
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
    }

    [Fact]
    public async Task The_cluster_shows_its_nodes()
    {
        await using LocalCluster cluster = await StartAsync();
        using ClusterApi api = Api(cluster);

        ClusterView view = await api.LookAsync();

        view.Members.SelectMany(member => member.Roles).Order().ShouldBe(["coordinator", "seed", "worker"]);
        view.Members.ShouldAllBe(member => member.Reachable);
    }

    [Theory]
    [InlineData("GET", "/api/v1/jobs/unknown", "", 404)]
    [InlineData("GET", "/api/v1/jobs/unknown/events", "", 404)]
    [InlineData("GET", "/api/v1/jobs/unknown/model", "", 404)]
    [InlineData("POST", "/api/v1/jobs/unknown/cancel", "", 404)]
    [InlineData("POST", "/api/v1/jobs/unknown/resume", "", 404)]
    [InlineData("GET", "/api/v1/jobs/..%2f..", "", 400)]
    [InlineData("GET", "/api/v1/nothing", "", 404)]
    [InlineData("DELETE", "/api/v1/jobs", "", 405)]
    [InlineData("POST", "/api/v1/jobs", "{", 400)]
    [InlineData("POST", "/api/v1/jobs", """{"job":"a"}""", 400)]
    [InlineData("POST", "/api/v1/jobs", """{"job":"a","text":"x","base_directory":"/","run_directory":"/etc"}""", 400)]
    [InlineData("POST", "/api/v1/jobs", """{"job":"../a","text":"x","base_directory":"/"}""", 400)]
    [InlineData("POST", "/api/v1/jobs", """{"job":"a","text":"x","base_directory":"relative"}""", 400)]
    [InlineData("POST", "/api/v1/jobs", """{"job":"a","text":"x","base_directory":"/","priority":101}""", 400)]
    [InlineData("POST", "/api/v1/jobs", """{"job":"a","text":"model: { kind: mpl }","base_directory":"/"}""", 422)]
    [InlineData("POST", "/api/v1/jobs", "HUGE", 413)]
    public async Task What_cannot_be_met_is_a_problem_in_json(string method, string path, string body, int status)
    {
        await using LocalCluster cluster = await StartAsync();
        using HttpClient client = Client();
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri($"http://{cluster.Http}{path}"));
        if (body.Length > 0) request.Content = new StringContent(body == "HUGE" ? new string(' ', 600_000) : body, Encoding.UTF8, "application/json");

        using HttpResponseMessage answer = await client.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Data_that_the_coordinator_cannot_see_is_refused_by_name()
    {
        await using LocalCluster cluster = await StartAsync();
        using ClusterApi api = Api(cluster);

        CommandFailedException refused = await Should.ThrowAsync<CommandFailedException>(
            api.SubmitAsync(Submission("job", TestData.Mlp().Replace("digits.csv", "absent.csv", StringComparison.Ordinal))));

        refused.ExitCode.ShouldBe(ExitCode.BadInput);
        refused.Message.ShouldContain("absent.csv");
    }

    [Fact]
    public async Task With_a_token_only_whoever_shows_it_is_answered()
    {
        await using LocalCluster cluster = await StartAsync();

        (await StatusAsync(cluster, null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(cluster, "a-token-of-some-lengtH")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(cluster, "a-token-of-some-length")).ShouldBe(HttpStatusCode.OK);
        using HttpClient client = new() { Timeout = Deadline };
        (await client.GetAsync(new Uri($"http://{cluster.Http}/health/ready"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_a_token_nobody_is_answered_not_even_on_this_machine()
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync(Options(null), _ => { });

        (await StatusAsync(cluster, null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(cluster, "")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(cluster, Token)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_description_names_every_route()
    {
        await using LocalCluster cluster = await StartAsync();
        using HttpClient client = Client();

        JsonNode description = JsonNode.Parse(await client.GetStringAsync(new Uri($"http://{cluster.Http}{ApiRoutes.Description}")))!;

        description["paths"]!.AsObject().Select(path => path.Key).ShouldBe(
            [ApiRoutes.Cluster, ApiRoutes.Jobs, ApiRoutes.Job, ApiRoutes.Cancel, ApiRoutes.Resume, ApiRoutes.Events, ApiRoutes.Model], ignoreOrder: true);
        description["paths"]![ApiRoutes.Jobs]!.AsObject().Select(method => method.Key).ShouldBe(["get", "post"], ignoreOrder: true);
        description["paths"]![ApiRoutes.Events]!["get"]!["responses"]!["200"]!["content"]!.AsObject().Single().Key.ShouldBe("text/event-stream");
    }

    [Fact]
    public async Task Each_event_has_its_name_and_one_line_of_json()
    {
        await using LocalCluster cluster = await StartAsync();
        using ClusterApi api = Api(cluster);
        JobId job = (await api.SubmitAsync(Submission("job", TestData.Mlp(epochs: 1)))).Job;
        using HttpClient client = Client();
        using HttpResponseMessage answer = await client.GetAsync(
            new Uri($"http://{cluster.Http}{ApiRoutes.Of(ApiRoutes.Events, job)}"), HttpCompletionOption.ResponseHeadersRead);

        string[] events = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        foreach (string[] lines in events.Select(item => item.Split('\n')))
        {
            lines.Length.ShouldBe(2);
            lines[0].ShouldBeOneOf([.. new[] { ApiEvents.Line, ApiEvents.Steps, ApiEvents.Epoch, ApiEvents.Finished }.Select(name => $"event: {name}")]);
            lines[1].ShouldStartWith("data: {");
        }
        events[^1].ShouldStartWith($"event: {ApiEvents.Finished}\n");
    }

    private async Task<LocalCluster> StartAsync()
    {
        string file = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(file, Token + "\n");
        return await LocalCluster.StartAsync(Options(file), _ => { });
    }

    private LocalClusterOptions Options(string? tokenPath) => new(1, 1, _folder.FullName)
    {
        Http = new NodeAddress("127.0.0.1", 0),
        TokenPath = tokenPath,
        RunsDirectory = _folder.FullName,
        Roots = new DataRoots([TestData.Directory], _folder.FullName, FileModelStore.FileName),
    };

    private static ClusterApi Api(LocalCluster cluster) => new(cluster.Http!.Value.ToString(), Token, Deadline);

    private static HttpClient Client()
    {
        HttpClient client = new() { Timeout = Deadline };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        return client;
    }

    private static JobSubmission Submission(string name, string text) => new(new JobId(name), text, TestData.Directory);

    private static async Task<JobFinished> EndAsync(ClusterApi api, JobId job)
    {
        await foreach (object report in api.WatchAsync(job, Deadline))
            if (report is JobFinished finished) return finished;
        throw new InvalidOperationException("The watch ended before the job.");
    }

    private static async Task<HttpStatusCode> StatusAsync(LocalCluster cluster, string? token)
    {
        using HttpClient client = new() { Timeout = Deadline };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://{cluster.Http}{ApiRoutes.Cluster}"));
        return answer.StatusCode;
    }
}
