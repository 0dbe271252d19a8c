using System.Globalization;
using System.Text.Json.Nodes;

namespace Cluster.Benchmarks.Beside;

/// <summary>
/// Runs each task and its reference program alternately and puts the medians and their ratio into a Markdown table. Only
/// ratios of one run count: the speed of a machine changes by the hour.
/// </summary>
internal static class BesidePeers
{
    public static Task<int> RunAsync(string[] arguments) => BesideOptions.Command(CompareAsync).Parse(arguments).InvokeAsync();

    private static async Task<int> CompareAsync(BesideOptions options)
    {
        using BesideTable table = new(options);
        bool whole = true;
        foreach (Peer peer in Peer.All.Where(peer => options.Tasks.Count == 0 || options.Tasks.Contains(peer.Task)))
            foreach (int threads in peer.Processes == 1 ? options.Threads : [1])
                whole &= await CompareAsync(options, peer, threads, table);
        return whole ? 0 : 1;
    }

    private static async Task<bool> CompareAsync(BesideOptions options, Peer peer, int threads, BesideTable table)
    {
        List<JsonObject> ours = [], theirs = [];
        double ourPeak = 0, theirPeak = 0;
        for (int run = 0; run < options.Runs; run++)
        {
            Finished mine = await MeasuredProcess.RunAsync("dotnet", OurArguments(options, peer, threads, run), wholeTree: true);
            Finished other = await MeasuredProcess.RunAsync(options.Python, PeerArguments(options, peer, threads, run), wholeTree: true);
            foreach (Finished finished in new[] { mine, other })
                if (finished.ExitCode != 0)
                {
                    Console.Error.WriteLine($"{peer.Task}: {finished.Command} ended with {finished.ExitCode}: {finished.Messages}");
                    return false;
                }
            ours.AddRange(mine.JsonLines[^1]["rows"]!.AsArray().Select(row => row!.AsObject()));
            theirs.AddRange(other.JsonLines.Where(row => row["peer"]!.GetValue<string>() == peer.Name));
            (ourPeak, theirPeak) = (Math.Max(ourPeak, mine.Used.TreePeakMegabytes), Math.Max(theirPeak, other.Used.TreePeakMegabytes));
        }
        foreach (IGrouping<string, JsonObject> group in ours
            .Where(row => (row["variant"]?.GetValue<string>() ?? "") == peer.Variant || row["variant"] is null).GroupBy(Task))
        {
            JsonObject[] same = [.. theirs.Where(row => Task(row) == (peer.RowTask ?? group.Key))];
            if (same.Length > 0) table.Add(peer, threads, Median([.. group]), Median(same), ourPeak, theirPeak);
        }
        return true;
    }

    private static IReadOnlyList<string> OurArguments(BesideOptions options, Peer peer, int threads, int run)
    {
        string cluster = Path.Combine(AppContext.BaseDirectory, "cluster.dll");
        int cores = threads * peer.Processes;
        List<string> arguments = [cluster, "bench", peer.Task, "--threads", Text(cores), "--workers", Text(peer.Processes), "--seed", Text(run), "--data", options.Data, "--json"];
        if (options.Quick) arguments.Add("--quick");
        return arguments;
    }

    private static IReadOnlyList<string> PeerArguments(BesideOptions options, Peer peer, int threads, int run)
    {
        List<string> arguments = ["-B", Path.Combine(options.Peers, peer.Script), .. peer.Arguments, "--threads", Text(threads), "--seed", Text(run), "--data", options.Data];
        if (options.Quick) arguments.Add("--quick");
        return arguments;
    }

    /// <summary>The run whose time is in the middle.</summary>
    private static JsonObject Median(IReadOnlyList<JsonObject> rows) =>
        rows.OrderBy(row => row["seconds"]!.GetValue<double>()).ElementAt(rows.Count / 2);

    private static string Task(JsonObject row) => row["task"]!.GetValue<string>();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
