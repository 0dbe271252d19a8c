using System.Collections.Concurrent;

namespace Cluster.Simulation.Tests.Processes;

/// <summary>As many simulating processes as the machine has cores, which all tests share.</summary>
internal static class SimulatingProcesses
{
    private static readonly SemaphoreSlim s_places = new(Environment.ProcessorCount);
    private static readonly ConcurrentBag<SimulatingProcess> s_idle = [];

    /// <summary>Runs histories side by side.</summary>
    /// <returns>Their reports, in the order of the requests.</returns>
    public static IReadOnlyList<SimulationReport> Run(IEnumerable<SimulationRequest> requests)
    {
        SimulationRequest[] all = [.. requests];
        SimulationReport[] reports = new SimulationReport[all.Length];
        ConcurrentQueue<Exception> failures = [];
        int next = -1;
        Thread[] threads = [.. Enumerable.Range(0, Math.Min(Environment.ProcessorCount, all.Length)).Select(_ => new Thread(Work))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        return failures.IsEmpty ? reports : throw new AggregateException(failures);

        void Work()
        {
            try
            {
                for (int i = Interlocked.Increment(ref next); i < all.Length && failures.IsEmpty; i = Interlocked.Increment(ref next)) reports[i] = Run(all[i]);
            }
#pragma warning disable CA1031 // Told to the caller, on whose thread it belongs.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                failures.Enqueue(failure);
            }
        }
    }

    /// <summary>Runs one history, in a process that may have run others.</summary>
    public static SimulationReport Run(SimulationRequest request)
    {
        s_places.Wait();
        try
        {
            if (!s_idle.TryTake(out SimulatingProcess? process)) process = new SimulatingProcess();
            SimulationReport report = process.Run(request);
            s_idle.Add(process);        // one that failed is not used again
            return report;
        }
        finally
        {
            s_places.Release();
        }
    }
}
