using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cluster.Benchmarks.Beside;

/// <summary>The comparison as a Markdown table: on standard output line by line, and in a file where one is named.</summary>
internal sealed class BesideTable : IDisposable
{
    private readonly StreamWriter? _file;

    public BesideTable(BesideOptions options)
    {
        _file = options.Out is null ? null : new StreamWriter(options.Out) { AutoFlush = true };
        _file?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Medians of {options.Runs} runs of each side in turn, {Environment.ProcessorCount} processors, .NET {Environment.Version}, {DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime):yyyy-MM-dd}.\n"));
        Write("| task | peer | processes x threads | ours, s | peer's, s | ratio (above 1: ours is faster) | ours | peer's | our memory, MB | peer's |");
        Write("|---|---|---|---|---|---|---|---|---|---|");
    }

    /// <summary>Adds a task: the median row of each side, and the most memory that each had in any run, all its processes together.</summary>
    public void Add(Peer peer, int threads, JsonObject ours, JsonObject theirs, double ourPeak, double theirPeak)
    {
        double mine = ours["seconds"]!.GetValue<double>(), other = theirs["seconds"]!.GetValue<double>();
        Write(string.Create(CultureInfo.InvariantCulture,
            $"| {ours["task"]} | {peer.Name} | {peer.Processes} x {threads} | {mine:G4} | {other:G4} | {other / mine:F2} | {Figures(ours)} | {Figures(theirs)} | {ourPeak:F0} | {theirPeak:F0} |"));
    }

    public void Dispose() => _file?.Dispose();

    private static string Figures(JsonObject row) => string.Join("; ", row
        .Where(figure => figure.Key is not ("seconds" or "threads" or "procs" or "seed") && figure.Value?.GetValueKind() == JsonValueKind.Number)
        .Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Key} {figure.Value!.GetValue<double>():G5}")));

    private void Write(string line)
    {
        Console.WriteLine(line);
        _file?.WriteLine(line);
    }
}
