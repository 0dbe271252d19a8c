using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Cluster.Benchmarks;

/// <summary>What a process left.</summary>
/// <param name="Command">Its command line.</param>
/// <param name="ExitCode">0 for success.</param>
/// <param name="JsonLines">The lines of its standard output that are JSON objects.</param>
/// <param name="Messages">Its standard error.</param>
/// <param name="Used">What it took of the machine.</param>
internal sealed record Finished(string Command, int ExitCode, IReadOnlyList<JsonObject> JsonLines, string Messages, ProcessUse Used);

/// <summary>What a process took of the machine; zeros where the system does not tell.</summary>
/// <param name="PeakMegabytes">The most memory that it had resident itself.</param>
/// <param name="TreePeakMegabytes">
/// The most memory of it and the processes that it started, and those started, of ten looks a second: at least that was in use. Its own peak
/// where it starts none, or they were not to be looked at.
/// </param>
/// <param name="ProcessorSeconds">Time on processors of the process alone, up to the last look a tenth of a second before its end.</param>
internal readonly record struct ProcessUse(double PeakMegabytes, double TreePeakMegabytes, double ProcessorSeconds)
{
    /// <summary>This look, with the peaks of the earlier ones.</summary>
    public ProcessUse After(ProcessUse earlier) => this with
    {
        PeakMegabytes = Math.Max(PeakMegabytes, earlier.PeakMegabytes),
        TreePeakMegabytes = Math.Max(TreePeakMegabytes, earlier.TreePeakMegabytes),
    };
}

/// <summary>Runs a process to its end and watches what it takes.</summary>
internal static class MeasuredProcess
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15), Interval = TimeSpan.FromMilliseconds(100);

    /// <param name="program">What is run.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="wholeTree">Whether the memory of the processes that it starts is looked at, which costs them some time.</param>
    /// <exception cref="TimeoutException">It did not end in time, and was killed.</exception>
    public static async Task<Finished> RunAsync(string program, IReadOnlyList<string> arguments, bool wholeTree = false)
    {
        string command = $"{program} {string.Join(' ', arguments)}";
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{command}: it did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync(), messages = process.StandardError.ReadToEndAsync();
        Task ended = process.WaitForExitAsync();
        ProcessUse used = default;
        for (long start = Stopwatch.GetTimestamp(); !ended.IsCompleted; used = ProcessTree.Look(process.Id, wholeTree)?.After(used) ?? used)
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
}
