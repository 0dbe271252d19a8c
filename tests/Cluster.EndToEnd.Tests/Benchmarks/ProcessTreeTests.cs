using System.Diagnostics;
using Cluster.Benchmarks;

namespace Cluster.EndToEnd.Tests.Benchmarks;

public sealed class ProcessTreeTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60), Interval = TimeSpan.FromMilliseconds(5);

    [SkippableFact]
    public async Task Memory_of_children_counts_in_the_tree_and_not_in_the_process()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Only Linux tells what a tree of processes has.");
        const int held = 60_000_000;       // tail keeps what it is given until it ends, and it cannot end while nobody reads the rest
        using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", $"head -c {held} /dev/zero | tail -c {held} | {{ read line <&3; cat; }} 3<&0 >/dev/null"])
        {
            RedirectStandardInput = true,
        })!;
        try
        {
            using CancellationTokenSource late = new(Deadline);
            ProcessUse used = default;
            while (used.TreePeakMegabytes < held / 1e6)
            {
                used = ProcessTree.Look(process.Id, wholeTree: true)?.After(used) ?? used;
                await Task.Delay(Interval, TimeProvider.System, late.Token);
            }
            used.PeakMegabytes.ShouldBeInRange(0.1, 20);
            ProcessTree.Look(process.Id, wholeTree: false)!.Value.TreePeakMegabytes.ShouldBeLessThan(20);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public void Peaks_outlast_the_looks_that_saw_them() =>
        new ProcessUse(20, 30, 3).After(new ProcessUse(10, 50, 2)).ShouldBe(new ProcessUse(20, 50, 3));
}
