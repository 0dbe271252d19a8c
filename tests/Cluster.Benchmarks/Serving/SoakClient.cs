using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Cluster.Benchmarks.Serving;

/// <summary>Sends requests of many forms to a server of one model, and counts those that are not answered as they should be.</summary>
/// <param name="server">Where it listens.</param>
/// <param name="model">What it calls the model.</param>
internal sealed class SoakClient(Uri server, string model)
{
    private const int ExamplesMax = 10;

    /// <summary>Of a hundred requests one is malformed.</summary>
    private const int Cycle = 100;

    private const string Json = "application/json", Csv = "text/csv";
    private readonly ConcurrentQueue<string> _examples = [];
    private string[] _columns = [];
    private int _refused, _wrong;

    /// <summary>How many were refused, as they should be.</summary>
    public int Refused => _refused;

    /// <summary>How many got another answer than they should.</summary>
    public int Wrong => _wrong;

    /// <summary>Some of those.</summary>
    public IReadOnlyCollection<string> Examples => _examples;

    /// <summary>Asks for the model's columns.</summary>
    public async Task LoadColumnsAsync()
    {
        using HttpClient http = new() { BaseAddress = server };
        JsonNode about = JsonNode.Parse(await http.GetStringAsync(new Uri($"/v2/models/{model}", UriKind.Relative)))!;
        _columns = [.. about["parameters"]!["columns"]!.AsArray().Select(column => column!.GetValue<string>())];
    }

    /// <summary>Sends the requests from first up to end, each by its number.</summary>
    public async Task SendAsync(int first, int end, int clients)
    {
        int next = first - 1;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            using HttpClient http = new() { BaseAddress = server, Timeout = TimeSpan.FromSeconds(60) };
            while (Interlocked.Increment(ref next) is var number && number < end) await OneAsync(http, number);
        })));
    }

    private async Task OneAsync(HttpClient http, int number)
    {
        (string path, string body, string type, bool malformed) = number % Cycle == Cycle - 1 ? Malformed(number / Cycle) : Good(number);
        string got;
        try
        {
            using StringContent content = new(body, Encoding.UTF8, type);
            using HttpResponseMessage answer = await http.PostAsync(new Uri(path, UriKind.Relative), content);
            string text = await answer.Content.ReadAsStringAsync();
            bool right = malformed
                ? (int)answer.StatusCode is >= 400 and < 500 && text.Contains("\"detail\"", StringComparison.Ordinal)
                : answer.StatusCode == HttpStatusCode.OK && text.Length > 0;
            if (right && malformed) Interlocked.Increment(ref _refused);
            if (right) return;
            got = $"{(int)answer.StatusCode} {text}";
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException)
        {
            got = failed.Message;
        }
        Interlocked.Increment(ref _wrong);
        if (_examples.Count < ExamplesMax) _examples.Enqueue($"request {number}, {path}, {(malformed ? "malformed" : "good")}: {got}");
    }

    /// <summary>One row as an object, several as arrays, a table, or a tensor of the Open Inference Protocol.</summary>
    private (string Path, string Body, string Type, bool Malformed) Good(int number) => (number % 4) switch
    {
        0 => ("/predict", $"[{{{string.Join(",", _columns.Select((name, column) => $"\"{name}\":{Value(number, column)}"))}}}]", Json, false),
        1 => ("/predict", $"{{\"rows\":[{string.Join(",", Enumerable.Range(0, 1 + (number % 32)).Select(row => $"[{Row(number + row)}]"))}]}}", Json, false),
        2 => ("/predict", $"{string.Join(",", _columns)}\n{string.Join("\n", Enumerable.Range(0, 1 + (number % 8)).Select(row => Row(number + row)))}\n", Csv, false),
        _ => ($"/v2/models/{model}/infer", $"{{\"inputs\":[{{\"name\":\"features\",\"shape\":[1,{_columns.Length}],\"datatype\":\"FP64\",\"data\":[{Row(number)}]}}]}}", Json, false),
    };

    /// <summary>What must be refused: text that is no JSON, a row too short, words for numbers, columns of others, numbers out of range, bytes.</summary>
    private (string Path, string Body, string Type, bool Malformed) Malformed(int number) => (number % 8) switch
    {
        0 => ("/predict", "{\"rows\": [", Json, true),
        1 => ("/predict", "[[1, 2]]", Json, true),
        2 => ("/predict", $"[{{{string.Join(",", _columns.Select(name => $"\"{name}\":\"many\""))}}}]", Json, true),
        3 => ("/predict", "[{\"no such column\": 1}]", Json, true),
        4 => ("/predict", $"[[{string.Join(",", _columns.Select(_ => "1e999"))}]]", Json, true),
        5 => ("/predict", "\u0000\u0001\u0002", Csv, true),
        6 => ($"/v2/models/{model}/infer", "{\"inputs\":[{\"name\":\"features\",\"shape\":[-1,2],\"datatype\":\"FP64\",\"data\":[]}]}", Json, true),
        _ => ("/models/another/predict", $"[[{Row(number)}]]", Json, true),
    };

    private string Row(int number) => string.Join(",", _columns.Select((_, column) => Value(number, column)));

    private static string Value(int number, int column) => ((number + (7 * column)) % 17).ToString(CultureInfo.InvariantCulture);
}
