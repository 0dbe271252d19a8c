using System.Globalization;

namespace Cluster.Benchmarks.Exchange;

/// <summary>
/// What a step's messages cost over loopback, beside raw sockets that carry the same bytes, without and with TLS. Both sides
/// take turns, several times; the medians count. `--quick` takes two turns, to see that it runs.
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
                await using ExchangeNodes nodes = await ExchangeNodes.StartAsync(folder?.FullName);
                using RawPeers raw = await RawPeers.ConnectAsync(folder?.FullName);
                Console.WriteLine();
                Console.WriteLine(secured ? "| TLS | nodes, median | p99 | raw, median | p99 | ratio |" : "| no TLS | nodes, median | p99 | raw, median | p99 | ratio |");
                Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
                foreach (Trial trial in Trial.All) await MeasureAsync(trial, nodes, raw, turns);
            }
            finally
            {
                folder?.Delete(recursive: true);
            }
        }
        return 0;
    }

    private static async Task MeasureAsync(Trial trial, ExchangeNodes nodes, RawPeers raw, int turns)
    {
        List<double> ours = [], theirs = [];
        for (int turn = -WarmUps; turn < turns; turn++)
        {
            IReadOnlyList<double> cluster = await nodes.MeasureAsync(trial), sockets = raw.Measure(trial);
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
