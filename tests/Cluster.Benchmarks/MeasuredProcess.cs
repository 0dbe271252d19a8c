using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Cluster.Benchmarks;

/// <summary>What a process left.</summary>
/// <param name="Command">Its command line.</param>
/// <param name="ExitCode">0 for success.</param>
/// <param name="JsonLines">The lines of its standard output that are JSON objects.</param>
/// <param name="Messages">Its standard error.</param>
/// <param name="Used">What it took of the machine.</param>
internal sealed record Finished(string Command, int ExitCode, IReadOnlyList<JsonObject> JsonLines, string Messages, ProcessUse Used);

/// <summary>What a process took of the machine, without its own children; zeros where the system does not tell.</summary>
/// <param name="PeakMegabytes">The most memory that was resident.</param>
/// <param name="ProcessorSeconds">Time on processors, up to the last look a tenth of a second before its end.</param>
internal readonly record struct ProcessUse(double PeakMegabytes, double ProcessorSeconds);

/// <summary>Runs a process to its end and watches what it takes.</summary>
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
        ProcessUse used = default;
        for (long start = Stopwatch.GetTimestamp(); !ended.IsCompleted; used = Look(process.Id) ?? used)
        {
            if (Stopwatch.GetElapsedTime(start) > Deadline)
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"{command}: wanted its end within {Deadline}, killed it.");
            }
            await Task.WhenAny(ended, Task.Delay(Interval, TimeProvider.System));
        }
        IReadOnlyList<JsonObject> lines = [.. (await output).Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!.AsObject())];
        return new Finished(command, process.ExitCode, lines, await messages, used);
    }

    /// <summary>What the kernel has counted (Linux); null where it does not, or the process has just ended.</summary>
    private static ProcessUse? Look(int process)
    {
        const double kibibyte = 1024, megabyte = 1e6, ticksPerSecond = 100;
        try
        {
            string? peak = File.ReadLines($"/proc/{process}/status").FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            if (peak is null) return null;
            string stat = File.ReadAllText($"/proc/{process}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');      // the name before may have blanks
            double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
            return new ProcessUse(
                Number(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * kibibyte / megabyte,
                (Number(fields[11]) + Number(fields[12])) / ticksPerSecond);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
