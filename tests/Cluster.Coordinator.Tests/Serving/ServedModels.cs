using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Serving;
using Cluster.Messages.Node;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Tests.Serving;

/// <summary>Trains small models and serves them.</summary>
/// <remarks>Its classes are one collection: a meter is found by its name, so that servers of one process count together.</remarks>
public abstract class ServedModels : IAsyncLifetime, IDisposable
{
    /// <summary>How long anything is waited for.</summary>
    private protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private protected const string Row = "{\"a\": 3, \"b\": 1.5}";
    private protected const string Token = "0123456789abcdef";

    private protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("cluster-serve-");

    private protected HttpClient Client { get; } = new();

    private protected List<string> Said { get; } = [];

    private protected ServingServer? Server { get; set; }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
        Folder.Delete(recursive: true);
    }

    public void Dispose()
    {
        Client.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task ServeAsync(string model, Func<ServingOptions, ServingOptions>? change = null) => await ServeAsync([model], change);

    private protected Task ServeAsync(params string[] models) => ServeAsync(models, null);

    private protected async Task ServeAsync(string[] models, Func<ServingOptions, ServingOptions>? change)
    {
        ServingOptions options = new() { Address = NodeAddress.Local, Watch = TimeSpan.Zero, BatchDelay = TimeSpan.Zero, Deadline = TimeSpan.FromMinutes(1) };
        Server = await ServingServer.StartAsync([.. models.Select(ModelSource.Parse)], change?.Invoke(options) ?? options, line =>
        {
            lock (Said) Said.Add(line);
        });
    }

    private protected string Model(string name, string model = "model: { kind: softmax }", string data = "scale: standard", object? target = null, int seed = 1, string? folder = null)
    {
        string table = Path.Combine(Folder.FullName, "train.csv");
        File.WriteAllText(table, "a,b,target\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i % 10},{i * i % 7},{"xyz"[i % 3]}\n")));
        string goal = target is false ? "" : $"target: {target ?? "target"}, ";
        string ignore = target is "b" ? "ignore: [ target ], " : "";
        JobSpec job = JobFile.Parse(
            $"name: {name}\nseed: {seed}\ndata: {{ source: '{table}', {goal}{ignore}{data} }}\n{model}\ntraining: {{ epochs: {1 + seed} }}", "job.yaml", Folder.FullName);
        return Save(job, folder ?? name);
    }

    private protected string Save(JobSpec job, string folder)
    {
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        string path = Path.Combine(Folder.FullName, folder, "model.cluster");
        ModelFile.Write(path, new SavedModel(job, data.Shape, data.Preprocessing, SequentialTrainer.Train(job, data)));
        return path;
    }

    private protected async Task<JsonObject> PredictedAsync(string model, string table)
    {
        string path = Path.Combine(Folder.FullName, "new.csv");
        await File.WriteAllTextAsync(path, table);
        using StringWriter results = new(CultureInfo.InvariantCulture), messages = new(CultureInfo.InvariantCulture);
        (await CommandLine.RunAsync(["predict", model, "--data", path, "--json"], new Terminal(results, messages, interactive: false))).ShouldBe(ExitCode.Success, messages.ToString());
        return JsonNode.Parse(results.ToString())!.AsObject();
    }

    private protected async Task<string> PredictionAsync(string row) => (await PostAsync("/predict", $"[{row}]"))["predictions"]![0]!.ToJsonString();

    private protected Uri Uri(string path) => new($"http://{Server!.Address}{path}");

    private protected async Task<JsonObject> GetAsync(string path)
    {
        HttpResponseMessage answer = await Client.GetAsync(Uri(path));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return await ReadAsync(answer);
    }

    private protected async Task<JsonObject> PostAsync(string path, string body)
    {
        HttpResponseMessage answer = await SendAsync(path, body);
        string text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    private protected async Task<HttpResponseMessage> SendAsync(string path, string body, string type = "application/json", string? accept = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, Uri(path)) { Content = new StringContent(body, Encoding.UTF8, type) };
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        return await Client.SendAsync(request);
    }

    private protected async Task RefusedAsync(string path, string body, int status, string detail, string type = "application/json")
    {
        HttpResponseMessage answer = await SendAsync(path, body, type);
        string text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json", text);
        string said = JsonNode.Parse(text)!["detail"]!.GetValue<string>();
        said.ShouldContain(detail);
        said.ShouldNotContain("   at ");
    }

    private protected static async Task<string> DetailAsync(HttpResponseMessage answer) => (await ReadAsync(answer))["detail"]!.GetValue<string>();

    private protected static async Task<JsonObject> ReadAsync(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();

    private protected static double Metric(string text, string name) => text.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Sum(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
}
