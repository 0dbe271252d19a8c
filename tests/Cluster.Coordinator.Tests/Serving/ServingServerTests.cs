using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
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

/// <summary>What the server of models answers, over sockets.</summary>
public sealed class ServingServerTests : IAsyncLifetime, IDisposable
{
    private const string Row = "{\"a\": 3, \"b\": 1.5}";
    private const string Token = "0123456789abcdef";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-serve-");
    private readonly HttpClient _client = new();
    private readonly List<string> _said = [];
    private ServingServer? _server;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_row_is_answered_as_predict_writes_it()
    {
        string model = Model("letters");
        await ServeAsync(model);

        JsonObject answer = await PostAsync("/predict", $"[{Row}, [0, 6]]");

        JsonObject predicted = await PredictedAsync(model, "a,b\n3,1.5\n0,6\n");
        answer["predictions"]!.ToJsonString().ShouldBe(predicted["predictions"]!.ToJsonString());
        ((string?)answer["model"], (string?)answer["version"], (string?)answer["model_sha256"]).ShouldBe(("letters", "1", (string?)predicted["model_sha256"]));
        (await PostAsync("/models/letters/predict", $"{{\"rows\": [{Row}]}}"))["predictions"]![0]!.ToJsonString().ShouldBe(predicted["predictions"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task A_table_is_answered_as_json_or_as_a_table()
    {
        await ServeAsync(Model("letters"));
        const string table = "id,b,a\n7,1.5,3\n8,6,0\n";

        JsonObject json = await ReadAsync(await SendAsync("/predict", table, "text/csv"));
        HttpResponseMessage csv = await SendAsync("/predict", table, "text/csv", accept: "text/csv");

        json["predictions"]!.ToJsonString().ShouldBe((await PostAsync("/predict", $"[{Row}, [0, 6]]"))["predictions"]!.ToJsonString());
        string[] lines = (await csv.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        lines[0].ShouldBe("prediction,probability_x,probability_y,probability_z");
        lines.Skip(1).Select(line => line.Split(',')[0]).ShouldBe(json["predictions"]!.AsArray().Select(row => (string)row!["prediction"]!));
    }

    [Fact]
    public async Task The_open_inference_protocol_tells_health_metadata_and_predictions()
    {
        await ServeAsync(Model("letters"));

        (await GetAsync("/v2/health/live"))["live"]!.GetValue<bool>().ShouldBeTrue();
        (await GetAsync("/v2/health/ready"))["ready"]!.GetValue<bool>().ShouldBeTrue();
        (await GetAsync("/v2"))["name"]!.GetValue<string>().ShouldBe("cluster");
        (await GetAsync("/v2/models/letters/ready"))["ready"]!.GetValue<bool>().ShouldBeTrue();
        JsonObject described = await GetAsync("/v2/models/letters/versions/1");
        described["versions"]!.ToJsonString().ShouldBe("[\"1\"]");
        described["inputs"]!.ToJsonString().ShouldBe("[{\"name\":\"features\",\"datatype\":\"FP64\",\"shape\":[-1,2]}]");
        described["outputs"]!.AsArray().Select(output => $"{output!["name"]} {output["datatype"]}").ShouldBe(["prediction BYTES", "probabilities FP64"]);

        JsonObject whole = await PostAsync(
            "/v2/models/letters/infer", """{"id": "q", "inputs": [{"name": "features", "shape": [2, 2], "datatype": "FP64", "data": [3, 1.5, 0, 6]}]}""");
        JsonObject columns = await PostAsync("/v2/models/letters/versions/1/infer", """
            {"inputs": [{"name": "b", "shape": [2, 1], "datatype": "FP32", "data": [[1.5], [6]]}, {"name": "a", "shape": [2], "datatype": "INT64", "data": [3, 0]}],
             "outputs": [{"name": "prediction"}]}
            """);

        ((string?)whole["id"], (string?)whole["model_name"], (string?)whole["model_version"]).ShouldBe(("q", "letters", "1"));
        JsonArray plain = (await PostAsync("/predict", $"[{Row}, [0, 6]]"))["predictions"]!.AsArray();
        whole["outputs"]![0]!["data"]!.ToJsonString().ShouldBe(new JsonArray([.. plain.Select(row => row!["prediction"]!.DeepClone())]).ToJsonString());
        whole["outputs"]![1]!["shape"]!.ToJsonString().ShouldBe("[2,3]");
        whole["outputs"]![1]!["data"]!.AsArray().Select(score => (double)score!).ShouldBe(
            plain.SelectMany(row => row!["probabilities"]!.AsObject().Select(score => (double)score.Value!)));
        columns["outputs"]!.AsArray().Count.ShouldBe(1);
        columns["outputs"]![0]!.ToJsonString().ShouldBe(whole["outputs"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task Requests_that_are_batched_get_the_bits_of_requests_alone()
    {
        string model = Model("letters");
        string[] rows = [.. Enumerable.Range(0, 200).Select(i => string.Create(CultureInfo.InvariantCulture, $"[{i % 17 / 3.0}, {i % 23 / 7.0}]"))];
        await ServeAsync(model, options => options with { BatchRows = 1 });
        string[] alone = new string[rows.Length];
        for (int i = 0; i < rows.Length; i++) alone[i] = await PredictionAsync(rows[i]);
        await _server!.DisposeAsync();

        await ServeAsync(model, options => options with { BatchRows = 32, BatchDelay = TimeSpan.FromMilliseconds(50), Threads = 2 });
        string[] together = await Task.WhenAll(rows.Select(PredictionAsync));

        together.ShouldBe(alone);
        string metrics = await _client.GetStringAsync(Uri("/metrics"));
        Metric(metrics, "cluster_serving_batch_rows_sum").ShouldBe(rows.Length);
        Metric(metrics, "cluster_serving_batch_rows_count").ShouldBeLessThan(rows.Length);
    }

    [Fact]
    public async Task A_row_that_the_model_refuses_does_not_touch_others_of_its_batch()
    {
        string model = Model("tokens", "model: { kind: mlp, layers: [ { embedding: 2, tokens: 12 }, { flatten: true } ] }", "scale: none");
        await ServeAsync(model, options => options with { BatchRows = 64, BatchDelay = TimeSpan.FromMilliseconds(100) });

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => SendAsync("/predict", i % 3 == 0 ? "[[99, 1]]" : "[[3, 1]]")));

        answers.Select(answer => answer.StatusCode).ShouldBe(
            Enumerable.Range(0, 30).Select(i => i % 3 == 0 ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.OK));
        (await DetailAsync(answers[0])).ShouldContain("wanted whole numbers from 0 to 11");
    }

    [Fact]
    public async Task Rows_of_a_model_that_draws_random_numbers_are_answered_alike_alone_and_together()
    {
        await ServeAsync(Model("vae", "model: { kind: vae, latent: 2, encoder: [ { dense: 4 } ], decoder: [ { dense: 4 } ] }", "scale: minmax, ignore: [ target ]", target: false));

        JsonArray together = (await PostAsync("/predict", "[[1, 1], [2, 3], [1, 1]]"))["predictions"]!.AsArray();

        (await PostAsync("/predict", "[[2, 3]]"))["predictions"]![0]!.ToJsonString().ShouldBe(together[1]!.ToJsonString());
        together[0]!.ToJsonString().ShouldBe(together[2]!.ToJsonString());
    }

    [Fact]
    public async Task Several_models_and_versions_are_asked_by_name()
    {
        string first = Model("letters"), second = Model("letters", seed: 2, folder: "second"), numbers = Model("numbers", "model: { kind: linear-regression }", target: "b");
        await ServeAsync(first, second, $"other={numbers}");

        (await PostAsync("/models/letters/predict", $"[{Row}]"))["version"]!.GetValue<string>().ShouldBe("2");
        (await PostAsync("/models/letters/versions/1/predict", $"[{Row}]"))["version"]!.GetValue<string>().ShouldBe("1");
        (await PostAsync("/models/other/predict", "[{\"a\": 2}]"))["predictions"]![0]!["prediction"]!.GetValue<double>().ShouldNotBe(0);
        (await GetAsync("/v2/models"))["models"]!.ToJsonString().ShouldBe("[\"letters\",\"other\"]");
        (await GetAsync("/v2/models/letters"))["versions"]!.ToJsonString().ShouldBe("[\"1\",\"2\"]");

        await RefusedAsync("/predict", $"[{Row}]", 404, "of 2 models");
        await RefusedAsync("/models/nothing/predict", $"[{Row}]", 404, "there are: letters, other");
        await RefusedAsync("/models/letters/versions/3/predict", $"[{Row}]", 404, "there are: 1, 2");
    }

    [Fact]
    public async Task A_new_version_is_put_in_without_a_lost_request()
    {
        string path = Model("letters");
        await ServeAsync(path, options => options with { BatchDelay = TimeSpan.FromMilliseconds(5) });
        ConcurrentDictionary<string, bool> versions = [];
        bool swapped = false;
        int answered = 0;

        Task[] callers = [.. Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!Volatile.Read(ref swapped) || !versions.ContainsKey("3"))
            {
                HttpResponseMessage answer = await SendAsync("/predict", $"[{Row}]");
                answer.StatusCode.ShouldBe(HttpStatusCode.OK);
                string version = (await ReadAsync(answer))["version"]!.GetValue<string>();
                versions[version] = true;
                Interlocked.Increment(ref answered);
            }
        })];
        foreach (int seed in new[] { 2, 3 })
        {
            Model("letters", seed: seed);
            await _server!.Shelf.ReloadAsync();
        }
        Volatile.Write(ref swapped, true);
        await Task.WhenAll(callers);

        answered.ShouldBeGreaterThan(0);
        versions.Keys.ShouldContain("3");
        (await GetAsync("/v2/models/letters"))["versions"]!.ToJsonString().ShouldBe("[\"3\"]");
    }

    [Fact]
    public async Task A_file_that_is_damaged_leaves_its_version_and_says_so()
    {
        string path = Model("letters");
        await ServeAsync(path);
        await File.WriteAllTextAsync(path, "nothing");

        await _server!.Shelf.ReloadAsync();
        await _server.Shelf.ReloadAsync();

        (await PostAsync("/predict", $"[{Row}]"))["version"]!.GetValue<string>().ShouldBe("1");
        _said.Count(line => line.Contains("wanted a model file", StringComparison.Ordinal)).ShouldBe(1);
        Metric(await _client.GetStringAsync(Uri("/metrics")), "cluster_serving_reloads_total").ShouldBe(1);
    }

    [Fact]
    public async Task Folders_of_versions_come_and_go()
    {
        string root = Path.Combine(_folder.FullName, "versions");
        Model("letters", folder: "versions/1");
        await ServeAsync($"letters={root}");

        Model("letters", seed: 2, folder: "versions/7");
        await _server!.Shelf.ReloadAsync();
        (await GetAsync("/v2/models/letters"))["versions"]!.ToJsonString().ShouldBe("[\"1\",\"7\"]");

        Directory.Delete(Path.Combine(root, "1"), recursive: true);
        await _server.Shelf.ReloadAsync();
        (await GetAsync("/v2/models/letters"))["versions"]!.ToJsonString().ShouldBe("[\"7\"]");
    }

    [Theory]
    [InlineData("/predict", "{", 400, "line 1")]
    [InlineData("/predict", "", 400, "wanted JSON")]
    [InlineData("/predict", "{\"row\": []}", 400, "wanted the key 'rows'")]
    [InlineData("/predict", "{\"rows\": 7}", 400, "wanted an array of rows, got a number")]
    [InlineData("/predict", "[]", 422, "at least one row")]
    [InlineData("/predict", "[7]", 422, "rows[0]: wanted an object")]
    [InlineData("/predict", "[{\"a\": 1}]", 422, "wanted the column 'b', got none")]
    [InlineData("/predict", "[{\"a\": 1, \"bb\": 2}]", 422, "did you mean 'bb'")]
    [InlineData("/predict", "[{\"a\": \"1\", \"b\": 2}]", 422, "rows[0].a: wanted a number, got a text")]
    [InlineData("/predict", "[{\"a\": null, \"b\": 2}]", 422, "rows[0].a: wanted a number, got null")]
    [InlineData("/predict", "[[1]]", 422, "rows[0]: wanted 2 numbers")]
    [InlineData("/predict", "[[1, 1e999]]", 422, "wanted a finite number")]
    [InlineData("/predict", "[[[[[[[[[1]]]]]]]]]", 400, "wanted JSON")]
    [InlineData("/v2/models/letters/infer", "{}", 400, "wanted the key 'inputs'")]
    [InlineData("/v2/models/letters/infer", "{\"inputs\": [{\"name\": \"features\"}]}", 400, "inputs[0]: wanted the key 'datatype'")]
    [InlineData("/v2/models/letters/infer", "{\"inputs\": [{\"name\": \"features\", \"datatype\": \"BYTES\"}]}", 422, "inputs[0].datatype: wanted one of FP64")]
    [InlineData("/v2/models/letters/infer", "{\"inputs\": [{\"name\": \"features\", \"datatype\": \"FP64\", \"shape\": [-1, 2], \"data\": []}]}", 400, "inputs[0].shape")]
    [InlineData("/v2/models/letters/infer", "{\"inputs\": [{\"name\": \"features\", \"datatype\": \"FP64\", \"shape\": [1, 2], \"data\": [1]}]}", 422, "wanted 2 numbers")]
    [InlineData("/v2/models/letters/infer", "{\"inputs\": [{\"name\": \"features\", \"datatype\": \"FP64\", \"shape\": [1, 3], \"data\": [1, 2, 3]}]}", 422, "wanted [1, 2]")]
    [InlineData("/v2/models/letters/infer", "{\"inputs\": [{\"name\": \"aa\", \"datatype\": \"FP64\", \"shape\": [1], \"data\": [1]}]}", 422, "got 'aa'")]
    [InlineData("/v2/models/letters/infer", "{\"inputs\": [{\"name\": \"features\", \"datatype\": \"FP64\", \"shape\": [99999, 2], \"data\": []}]}", 422, "wanted 199998 numbers")]
    [InlineData("/nothing", "{}", 404, "wanted a route of this server")]
    [InlineData("/v2/health/live", "{}", 405, "wanted a route of this server")]
    public async Task A_malformed_request_is_a_problem_that_names_the_place(string path, string body, int status, string detail)
    {
        await ServeAsync(Model("letters"));

        await RefusedAsync(path, body, status, detail);
    }

    [Fact]
    public async Task Sizes_types_and_time_are_bounded()
    {
        await ServeAsync(Model("letters"), options => options with { RowsMax = 3, BodyBytesMax = 4096, WaitingRowsMax = 2 });

        await RefusedAsync("/predict", "[[1,1],[1,1],[1,1],[1,1]]", 413, "wanted at most 3");
        await RefusedAsync("/predict", $"[{new string(' ', 5000)}]", 413, "wanted at most 4096 bytes");
        await RefusedAsync("/predict", "[[1,1],[1,1],[1,1]]", 503, "rows that wait");
        await RefusedAsync("/predict", "<row/>", 415, "wanted application/json", "application/xml");
        await RefusedAsync("/predict", "a\n1\n", 422, "the feature column 'b'", "text/csv");
        await RefusedAsync("/predict", "a,b\n1,x\n", 422, "rows:2:3", "text/csv");
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_told_so()
    {
        await ServeAsync(Model("letters"), options => options with { BatchDelay = TimeSpan.FromMinutes(1), Deadline = TimeSpan.FromMilliseconds(200) });

        await RefusedAsync("/predict", $"[{Row}]", 503, "wanted an answer within 0.2 s");
    }

    [Fact]
    public async Task With_a_token_only_those_are_answered_that_show_it_and_health_is_for_all()
    {
        await ServeAsync(Model("letters"), options => options with { Token = Encoding.ASCII.GetBytes(Token) });

        await RefusedAsync("/predict", $"[{Row}]", 401, "wanted the server's token");
        (await _client.GetAsync(Uri("/metrics"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _client.GetAsync(Uri("/v2/health/ready"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        (await SendAsync("/predict", $"[{Row}]")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_a_token_a_page_of_another_host_is_not_answered()
    {
        await ServeAsync(Model("letters"));
        using HttpRequestMessage rebound = new(HttpMethod.Get, Uri("/v2/models")) { Headers = { Host = "evil.example" } };

        (await _client.SendAsync(rebound)).StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
        (await SendAsync("/predict", $"[{Row}]", "text/plain")).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Of_5000_mixed_requests_the_malformed_are_refused_and_memory_stays_flat()
    {
        const int count = 5000, every = 100, atOnce = 16;
        await ServeAsync(Model("letters"));
        string[] bad = ["{", "[[1]]", "[{\"a\": []}]", "{\"inputs\": 1}", "\0\0", "[[1, 1e999]]"];
        int refused = 0, others = 0, next = 0;

        async Task AskAsync()
        {
            for (int i = Interlocked.Increment(ref next); i <= count; i = Interlocked.Increment(ref next))
            {
                bool malformed = i % every == 0;
                using HttpResponseMessage answer = await SendAsync("/predict", malformed ? bad[i / every % bad.Length] : $"[[{i % 9}, {i % 7}]]");
                int status = (int)answer.StatusCode;
                if (malformed && status is >= 400 and < 500) Interlocked.Increment(ref refused);
                else if (malformed || status != 200) Interlocked.Increment(ref others);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => SendAsync("/predict", $"[{Row}]")));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => AskAsync()));
        long after = GC.GetTotalMemory(forceFullCollection: true);

        (refused, others).ShouldBe((count / every, 0));
        (after - before).ShouldBeLessThan(8 << 20, "a kilobyte and a half for each request would be more");
        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_in_flight_are_answered_before_the_server_ends()
    {
        await ServeAsync(Model("letters"), options => options with { BatchDelay = TimeSpan.FromMinutes(5), Deadline = TimeSpan.FromMinutes(10), BatchRows = 64 });
        Task<HttpResponseMessage>[] asked = [.. Enumerable.Range(0, 10).Select(_ => SendAsync("/predict", $"[{Row}]"))];
        while (_server!.Shelf.WaitingRows().Sum(model => model.Value) < asked.Length) await Task.Yield();

        await _server.DisposeAsync();

        (await Task.WhenAll(asked)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        await Should.ThrowAsync<HttpRequestException>(() => SendAsync("/predict", $"[{Row}]"));
        _server = null;
    }

    [Fact]
    public async Task A_model_of_texts_is_refused()
    {
        JobSpec job = JobFile.Parse("data: { source: t.txt, unit: character }\nmodel: { kind: language-model, window: 4 }\ntraining: { epochs: 1, batch: 2, micro-batches: 2 }", "job.yaml", _folder.FullName);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "t.txt"), string.Concat(Enumerable.Repeat("to be or not ", 40)));
        string path = Save(job, "texts");

        (await Should.ThrowAsync<BadInputException>(() => ServeAsync(path))).Message.ShouldContain("wanted a model that says something of a row of numbers");
    }

    private async Task ServeAsync(string model, Func<ServingOptions, ServingOptions>? change = null) => await ServeAsync([model], change);

    private Task ServeAsync(params string[] models) => ServeAsync(models, null);

    private async Task ServeAsync(string[] models, Func<ServingOptions, ServingOptions>? change)
    {
        ServingOptions options = new() { Address = NodeAddress.Local, Watch = TimeSpan.Zero, BatchDelay = TimeSpan.Zero, Deadline = TimeSpan.FromMinutes(1) };
        _server = await ServingServer.StartAsync([.. models.Select(ModelSource.Parse)], change?.Invoke(options) ?? options, line =>
        {
            lock (_said) _said.Add(line);
        });
    }

    private string Model(string name, string model = "model: { kind: softmax }", string data = "scale: standard", object? target = null, int seed = 1, string? folder = null)
    {
        string table = Path.Combine(_folder.FullName, "train.csv");
        File.WriteAllText(table, "a,b,target\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i % 10},{i * i % 7},{"xyz"[i % 3]}\n")));
        string goal = target is false ? "" : $"target: {target ?? "target"}, ";
        string ignore = target is "b" ? "ignore: [ target ], " : "";
        JobSpec job = JobFile.Parse(
            $"name: {name}\nseed: {seed}\ndata: {{ source: '{table}', {goal}{ignore}{data} }}\n{model}\ntraining: {{ epochs: {1 + seed} }}", "job.yaml", _folder.FullName);
        return Save(job, folder ?? name);
    }

    private string Save(JobSpec job, string folder)
    {
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        string path = Path.Combine(_folder.FullName, folder, "model.cluster");
        ModelFile.Write(path, new SavedModel(job, data.Shape, data.Preprocessing, SequentialTrainer.Train(job, data)));
        return path;
    }

    private async Task<JsonObject> PredictedAsync(string model, string table)
    {
        string path = Path.Combine(_folder.FullName, "new.csv");
        await File.WriteAllTextAsync(path, table);
        using StringWriter results = new(CultureInfo.InvariantCulture), messages = new(CultureInfo.InvariantCulture);
        (await CommandLine.RunAsync(["predict", model, "--data", path, "--json"], new Terminal(results, messages, interactive: false))).ShouldBe(ExitCode.Success, messages.ToString());
        return JsonNode.Parse(results.ToString())!.AsObject();
    }

    private async Task<string> PredictionAsync(string row) => (await PostAsync("/predict", $"[{row}]"))["predictions"]![0]!.ToJsonString();

    private Uri Uri(string path) => new($"http://{_server!.Address}{path}");

    private async Task<JsonObject> GetAsync(string path)
    {
        HttpResponseMessage answer = await _client.GetAsync(Uri(path));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return await ReadAsync(answer);
    }

    private async Task<JsonObject> PostAsync(string path, string body)
    {
        HttpResponseMessage answer = await SendAsync(path, body);
        string text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string body, string type = "application/json", string? accept = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, Uri(path)) { Content = new StringContent(body, Encoding.UTF8, type) };
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        return await _client.SendAsync(request);
    }

    private async Task RefusedAsync(string path, string body, int status, string detail, string type = "application/json")
    {
        HttpResponseMessage answer = await SendAsync(path, body, type);
        string text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json", text);
        string said = JsonNode.Parse(text)!["detail"]!.GetValue<string>();
        said.ShouldContain(detail);
        said.ShouldNotContain("   at ");
    }

    private static async Task<string> DetailAsync(HttpResponseMessage answer) => (await ReadAsync(answer))["detail"]!.GetValue<string>();

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();

    private static double Metric(string text, string name) => text.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Sum(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
}
