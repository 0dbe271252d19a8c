using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Cluster.Coordinator.Tests.Serving;

/// <summary>What the server of models answers, over sockets.</summary>
[Collection(nameof(ServedModels))]
public sealed class ServingServerTests : ServedModels
{
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
        (await Client.GetAsync(Uri("/metrics"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Client.GetAsync(Uri("/v2/health/ready"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        (await SendAsync("/predict", $"[{Row}]")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_a_token_a_page_of_another_host_is_not_answered()
    {
        await ServeAsync(Model("letters"));
        using HttpRequestMessage rebound = new(HttpMethod.Get, Uri("/v2/models")) { Headers = { Host = "evil.example" } };

        (await Client.SendAsync(rebound)).StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
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
        Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_in_flight_are_answered_before_the_server_ends()
    {
        await ServeAsync(Model("letters"), options => options with { BatchDelay = TimeSpan.FromMinutes(5), Deadline = TimeSpan.FromMinutes(10), BatchRows = 64 });
        Task<HttpResponseMessage>[] asked = [.. Enumerable.Range(0, 10).Select(_ => SendAsync("/predict", $"[{Row}]"))];
        using CancellationTokenSource late = new(Patience);
        while (Server!.Shelf.WaitingRows().Sum(model => model.Value) < asked.Length)
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await Server.DisposeAsync();

        (await Task.WhenAll(asked)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        await Should.ThrowAsync<HttpRequestException>(() => SendAsync("/predict", $"[{Row}]"));
        Server = null;
    }
}
