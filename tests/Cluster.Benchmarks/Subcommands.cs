using Cluster.Benchmarks.Beside;
using Cluster.Benchmarks.Exchange;
using Cluster.Benchmarks.Joining;
using Cluster.Benchmarks.Load;
using Cluster.Benchmarks.Serving;
using Cluster.Benchmarks.Stragglers;
using Cluster.Benchmarks.Workers;

namespace Cluster.Benchmarks;

/// <summary>The benchmarks by name: `dotnet run -c Release --project tests/Cluster.Benchmarks -- NAME ...`.</summary>
internal static class Subcommands
{
    private static readonly Subcommand[] All =
    [
        new("beside", "each performance task beside the reference program that does the same work, in turn", BesidePeers.RunAsync),
        new("exchange", "vectors and small messages between two nodes over loopback, beside raw sockets with the same bytes", ExchangeBenchmark.RunAsync),
        new("joining", "a seed and up to 64 worker nodes in this process: until all see all, and what a node more costs", JoiningBenchmark.RunAsync),
        new("load", "one job with 1 to 16 worker processes: what each more of them costs the coordinator", LoadBenchmark.RunAsync),
        new("soak", "one server of predictions under 100,000 requests of all kinds, 1 % of them malformed: answers, and memory at start and end", SoakBenchmark.RunAsync),
        new("stragglers", "each mode of training with one worker five times slower: time to a loss, and how long workers wait", StragglerBenchmark.RunAsync),
        new("workers", "each training task with one worker and with two, in turn: how much faster two are", WorkersBenchmark.RunAsync),
    ];

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is [var name, .. var rest] && Array.Find(All, subcommand => subcommand.Name == name) is { } found)
            return await found.RunAsync(rest);
        Console.Error.WriteLine("wanted the name of a benchmark, one of:");
        foreach (Subcommand subcommand in All) Console.Error.WriteLine($"  {subcommand.Name,-12}{subcommand.Summary}");
        return 2;
    }

    /// <summary>One benchmark.</summary>
    /// <param name="Name">First argument of the program.</param>
    /// <param name="Summary">One line.</param>
    /// <param name="RunAsync">Takes the other arguments, gives the exit code.</param>
    private sealed record Subcommand(string Name, string Summary, Func<string[], Task<int>> RunAsync);
}
