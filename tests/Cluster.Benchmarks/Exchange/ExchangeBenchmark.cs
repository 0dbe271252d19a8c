using System.Globalization;

namespace Cluster.Benchmarks.Exchange;

/// <summary>
/// What a step's messages cost over loopback, beside raw sockets that carry the same bytes, without and with TLS. Both sides
/// take turns, several times; the medians count. `--quick` takes two turns, to see that it runs; `--data`
/// measures the data plane alone.
/// </summary>
internal static class ExchangeBenchmark
{
    private const int Turns = 7;
    private const int WarmUps = 2;

    public static async Task<int> RunAsync(string[] arguments)
    {
        int turns = arguments.Contains("--quick") ? 2 : Turns;
        foreach (bool secured in new[] { false, true })
        {
            DirectoryInfo? folder = secured ? LoopbackCertificates.Make() : null;
            try
            {
                if (!arguments.Contains("--data")) await MeasureNodesAsync(folder?.FullName, turns);
                await MeasureDataPlaneAsync(secured ? "data plane, TLS" : "data plane, TCP", folder?.FullName, unix: false, turns);
            }
            finally
            {
                folder?.Delete(recursive: true);
            }
        }
        await MeasureDataPlaneAsync("data plane, Unix socket", null, unix: true, turns);
        return 0;
    }

    private static async Task MeasureNodesAsync(string? certificates, int turns)
    {
        await using ExchangeNodes nodes = await ExchangeNodes.StartAsync(certificates);
        using RawPeers raw = await RawPeers.ConnectAsync(certificates);
        Head(certificates is null ? "no TLS" : "TLS", "nodes");
        foreach (Trial trial in Trial.All) await MeasureAsync(trial, nodes.MeasureAsync, raw, turns);
    }

    private static async Task MeasureDataPlaneAsync(string name, string? certificates, bool unix, int turns)
    {
        await using DataPlanePeers peers = DataPlanePeers.Start(certificates, unix);
        using RawPeers raw = unix ? RawPeers.ConnectUnix() : await RawPeers.ConnectAsync(certificates);
        Head(name, "data plane");
        foreach (Trial trial in Trial.All.Where(trial => trial.Bytes > 0)) await MeasureAsync(trial, one => Task.FromResult(peers.Measure(one)), raw, turns);
    }

    private static void Head(string name, string ours)
    {
        Console.WriteLine();
        Console.WriteLine($"| {name} | {ours}, median | p99 | raw, median | p99 | ratio |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
    }

    private static async Task MeasureAsync(Trial trial, Func<Trial, Task<IReadOnlyList<double>>> measure, RawPeers raw, int turns)
    {
        List<double> ours = [], theirs = [];
        for (int turn = -WarmUps; turn < turns; turn++)
        {
            IReadOnlyList<double> cluster = await measure(trial), sockets = raw.Measure(trial);
            if (turn < 0) continue;
            ours.AddRange(cluster.Skip(1));      // the first makes the vectors' memory present
            theirs.AddRange(sockets.Skip(1));
        }
        ours.Sort();
        theirs.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {trial.Name} | {Show(trial, Median(ours))} | {Show(trial, Late(ours))} | {Show(trial, Median(theirs))} | {Show(trial, Late(theirs))} | {Median(ours) / Median(theirs):F2} |"));
    }

    private static string Show(Trial trial, double seconds) => trial.Messages > 1
        ? string.Create(CultureInfo.InvariantCulture, $"{trial.Messages / seconds:N0}/s")
        : trial.Bytes > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:F2} ms")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:F0} µs");

    private static double Median(List<double> sorted) => sorted[sorted.Count / 2];

    private static double Late(List<double> sorted) => sorted[sorted.Count * 99 / 100];
}
