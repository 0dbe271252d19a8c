using System.Net;
using System.Net.Http.Headers;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Health;
using Cluster.Messages.Wire;
using Cluster.Seed.Dashboard;
using Cluster.Seed.Http;

namespace Cluster.Seed.Tests.Dashboard;

/// <summary>A seed with its dashboard, a job manager that says what it is told to, and a browser that keeps one cookie.</summary>
internal sealed class TestDashboard : IAsyncDisposable
{
    public const string Token = "a-token-of-some-length";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-dashboard-");
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Deadline };
    private ClusterNode? _node;
    private ApiServer? _api;
    private string _cookie = "";

    /// <summary>Where the pages are, once somebody is logged in.</summary>
    public string Inside { get; private set; } = "";

    /// <summary>Where the server listens.</summary>
    public NodeAddress Address => _api!.Address;

    private ClusterNode Node => _node!;

    /// <summary>Starts it.</summary>
    /// <param name="answer">What the job manager answers to each message; null for nothing.</param>
    /// <param name="token">The token; null for none.</param>
    /// <param name="options">What the dashboard is told.</param>
    public static async Task<TestDashboard> StartAsync(Func<object, object?> answer, string? token = Token, DashboardOptions? options = null)
    {
        TestDashboard test = new();
        NodeOptions node = new()
        {
            Name = "test",
            Roles = [NodeRoles.Seed, NodeRoles.Coordinator],
            Address = NodeAddress.Local,
            Alone = true,
            ComputeThreads = 1,
            JournalPath = Path.Combine(test._folder.FullName, "journal.db"),
        };
        test._node = ClusterNode.Start(node, MessageCodecs.ForMessages(), NodeEnvironment.InProcess(), builder => builder.WithSeed().WithActors((system, _) => system.ActorOf(
            ClusterSingletonManager.Props(
                Props.Create(() => new SayingActor(answer)), PoisonPill.Instance, ClusterSingletonManagerSettings.Create(system).WithRole(JobManagerSingleton.Role)),
            JobManagerSingleton.ManagerName)));
        await test._node.WaitUntilUp(Deadline);
        test._api = await ApiServer.StartAsync(
            test._node, new HttpOptions { Address = new NodeAddress("127.0.0.1", 0), Token = token },
            NodeHealth.Start(test._node, $"/user/{SeedNode.ProgressName}", _ => Task.FromResult("contact point")), options);
        return test;
    }

    /// <summary>Tells the seed what a job reports.</summary>
    public void Report(object report) => Node.Registry.Get<SeedNode>().Tell(report);

    /// <summary>Shows the token, and keeps the cookie.</summary>
    public async Task LogInAsync()
    {
        using HttpResponseMessage answer = await PostAsync("/dashboard/login", [new("token", Token)]);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        Inside = answer.Headers.Location!.ToString()[..^"/jobs".Length];
        _cookie = answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    /// <summary>Forgets the cookie.</summary>
    public void Forget() => _cookie = "";

    /// <summary>Asks for a page.</summary>
    /// <param name="path">Which.</param>
    /// <param name="token">The token to show as the API wants it; null for none.</param>
    public Task<HttpResponseMessage> GetAsync(string path, string? token = null)
    {
        HttpRequestMessage request = new(HttpMethod.Get, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return SendAsync(request);
    }

    /// <summary>The text of a page that there is.</summary>
    public async Task<string> PageAsync(string path)
    {
        using HttpResponseMessage answer = await GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>The page once it holds a text.</summary>
    public async Task<string> PageWithAsync(string path, string text)
    {
        using CancellationTokenSource late = new(Deadline);
        while (true)
        {
            late.Token.ThrowIfCancellationRequested();
            string page = await PageAsync(path);
            if (page.Contains(text, StringComparison.Ordinal)) return page;
            await Task.Yield();
        }
    }

    /// <summary>Sends a form.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="fields">What it holds.</param>
    /// <param name="origin">Where the browser says that it comes from; null for this server, empty for nothing said.</param>
    public Task<HttpResponseMessage> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> fields, string? origin = null)
    {
        HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        if (origin != "") request.Headers.Add("Origin", origin ?? $"http://{Address}");
        return SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_api is not null) await _api.DisposeAsync();
        if (_node is not null) await _node.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            request.RequestUri = new Uri($"http://{Address}{request.RequestUri}");
            if (_cookie.Length > 0) request.Headers.Add("Cookie", _cookie);
            return await _client.SendAsync(request);
        }
    }

    private sealed class SayingActor : ReceiveActor
    {
        public SayingActor(Func<object, object?> answer) => ReceiveAny(message =>
        {
            if (answer(message) is { } said) Sender.Tell(said);
        });
    }
}
