using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Cluster.Benchmarks.Serving;

/// <summary>
/// One `cluster serve` that answers many requests of all kinds, one in a hundred of them malformed: whether each gets the answer that it should, and what the
/// server's memory is once it is warm and at the end. `--requests N` (100,000) and `--clients N` (8) say how many.
/// </summary>
internal static class SoakBenchmark
{
    private const int RequestsDefault = 100_000, ClientsDefault = 8;
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(string[] arguments)
    {
        (int requests, int clients) = (Number(arguments, "--requests", RequestsDefault), Number(arguments, "--clients", ClientsDefault));
        string folder = Directory.CreateTempSubdirectory("cluster-soak-").FullName;
        try
        {
            Finished trained = await MeasuredProcess.RunAsync("dotnet", [Command, "train", WriteJob(folder), "--out", folder, "--json"]);
            if (trained.ExitCode == 0) return await ServeAsync(Path.Combine(folder, "model.cluster"), requests, clients);
            Console.Error.WriteLine($"{trained.Command} ended with {trained.ExitCode}: {trained.Messages}");
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A network of 64 columns to ten classes. What it learns is of no matter.</summary>
    private static string WriteJob(string folder)
    {
        const int columns = 64, rows = 400;
        string Line(Func<int, string> cell, string last) => $"{string.Join(",", Enumerable.Range(0, columns).Select(cell))},{last}\n";
        File.WriteAllText(Path.Combine(folder, "table.csv"), Line(column => $"c{column}", "target") + string.Concat(
            Enumerable.Range(0, rows).Select(row => Line(column => $"{(row * (column + 3)) % 17}", $"{row % 10}"))));
        string job = Path.Combine(folder, "soak.yaml");
        File.WriteAllText(job, """
            name: soak
            data: { source: table.csv, target: target, scale: standard }
            model: { kind: mlp, layers: [ { dense: 64, activation: relu } ] }
            training: { epochs: 2 }
            """);
        return job;
    }

    private static string Command => Path.Combine(AppContext.BaseDirectory, "cluster.dll");

    private static async Task<int> ServeAsync(string model, int requests, int clients)
    {
        using Process server = Process.Start(new ProcessStartInfo("dotnet", [Command, "serve", model, "--port", "0", "--json"]) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("cluster serve did not start.");
        Task<string> messages = server.StandardError.ReadToEndAsync();
        try
        {
            string ready = await server.StandardOutput.ReadLineAsync().WaitAsync(s_deadline) ?? throw new InvalidOperationException($"cluster serve ended: {await messages}");
            SoakClient client = new(new Uri($"http://{JsonNode.Parse(ready)!["http"]}"), JsonNode.Parse(ready)!["models"]!.AsObject().First().Key);
            await client.LoadColumnsAsync();
            int warm = Math.Max(1, requests / 50);
            await client.SendAsync(0, warm, clients);
            double start = ResidentMegabytes(server.Id);
            long began = Stopwatch.GetTimestamp();
            await client.SendAsync(warm, requests, clients);
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds, end = ResidentMegabytes(server.Id);
            Console.WriteLine("| requests | refused as malformed | answered otherwise than they should | requests/s | memory when warm, MB | memory at the end, MB |");
            Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {requests} | {client.Refused} | {client.Wrong} | {(requests - warm) / seconds:F0} | {start:F0} | {end:F0} |"));
            foreach (string example in client.Examples) Console.Error.WriteLine(example);
            return client.Wrong == 0 ? 0 : 1;
        }
        finally
        {
            server.Kill();
        }
    }

    /// <summary>What the process has in memory now; NaN where the system does not tell.</summary>
    private static double ResidentMegabytes(int process) => OperatingSystem.IsLinux()
        && File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)) is { } line
        ? double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6
        : double.NaN;

    private static int Number(string[] arguments, string flag, int usual) =>
        Array.IndexOf(arguments, flag) is >= 0 and var place && place + 1 < arguments.Length ? int.Parse(arguments[place + 1], CultureInfo.InvariantCulture) : usual;
}
