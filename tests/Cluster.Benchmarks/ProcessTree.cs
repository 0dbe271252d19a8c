using System.Globalization;

namespace Cluster.Benchmarks;

/// <summary>What a process takes of the machine, as the kernel counts it (Linux, /proc).</summary>
internal static class ProcessTree
{
    private const double Kibibyte = 1024, Megabyte = 1e6, TicksPerSecond = 100;

    /// <summary>What it has taken so far; null if the system does not tell, or the process has just ended.</summary>
    /// <remarks>
    /// A process alone has its own peak (VmHWM), which misses no moment. The memory of a tree is the sum over its processes at this
    /// moment, of each its proportional set size (proc(5), smaps_rollup): a page that n of them share counts 1/n in each. To take the
    /// sum costs some 5 ms a look and 600 MB, so that it is not taken of a process without children.
    /// </remarks>
    /// <param name="process">The number of the tree's first process.</param>
    /// <param name="wholeTree">Whether the processes below it are looked at, too.</param>
    public static ProcessUse? Look(int process, bool wholeTree)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');      // the name before may have blanks
            if (Field($"/proc/{process}/status", "VmHWM:") is not { } peak) return null;
            int[] children = wholeTree ? Children(process) : [];
            double tree = children.Length == 0 ? peak : Math.Max(peak, ProportionalMegabytes(process) + children.Sum(Below));
            return new ProcessUse(peak, tree, (Number(fields[11]) + Number(fields[12])) / TicksPerSecond);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>A process and everything that it started; nothing if it has just ended.</summary>
    private static double Below(int process)
    {
        try
        {
            return ProportionalMegabytes(process) + Children(process).Sum(Below);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static double ProportionalMegabytes(int process) => Field($"/proc/{process}/smaps_rollup", "Pss:") ?? 0;

    // Each thread has a list of its own.
    private static int[] Children(int process) =>
    [
        .. Directory.GetDirectories($"/proc/{process}/task").SelectMany(thread => File.ReadAllText($"{thread}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(child => int.Parse(child, CultureInfo.InvariantCulture)),
    ];

    /// <summary>The megabytes in the line of that name.</summary>
    private static double? Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(text => text.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * Kibibyte / Megabyte
            : null;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
