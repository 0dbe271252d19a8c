using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Cluster.Benchmarks.Beside;

/// <summary>What a process left.</summary>
/// <param name="Command">Its command line.</param>
/// <param name="ExitCode">0 for success.</param>
/// <param name="JsonLines">The lines of its standard output that are JSON objects.</param>
/// <param name="Messages">Its standard error.</param>
/// <param name="PeakMegabytes">The most memory that was resident, without its own children; 0 where the system does not tell.</param>
internal sealed record Finished(string Command, int ExitCode, IReadOnlyList<JsonObject> JsonLines, string Messages, double PeakMegabytes);

/// <summary>Runs a process to its end and watches its memory.</summary>
internal static class MeasuredProcess
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15), Interval = TimeSpan.FromMilliseconds(100);

    /// <exception cref="TimeoutException">It did not end in time, and was killed.</exception>
    public static async Task<Finished> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        string command = $"{program} {string.Join(' ', arguments)}";
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{command}: it did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync(), messages = process.StandardError.ReadToEndAsync();
        Task ended = process.WaitForExitAsync();
        double peak = 0;
        for (long start = Stopwatch.GetTimestamp(); !ended.IsCompleted; peak = Math.Max(peak, PeakMegabytes(process.Id)))
        {
            if (Stopwatch.GetElapsedTime(start) > Deadline)
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"{command}: wanted its end within {Deadline}, killed it.");
            }
            await Task.WhenAny(ended, Task.Delay(Interval, TimeProvider.System));
        }
        IReadOnlyList<JsonObject> lines = [.. (await output).Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!.AsObject())];
        return new Finished(command, process.ExitCode, lines, await messages, peak);
    }

    /// <summary>The kernel's high-water mark (Linux).</summary>
    private static double PeakMegabytes(int process)
    {
        const double kibibyte = 1024, megabyte = 1e6;
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * kibibyte / megabyte;
        }
        catch (IOException)
        {
            return 0;       // it has just ended, or this is another system
        }
    }
}
