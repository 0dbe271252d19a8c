using Cluster.Coordinator.Cli;

namespace Cluster.Coordinator.Bench;

/// <summary>One of the named performance tasks.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="Summary">One line for a person.</param>
internal abstract record BenchTask(string Name, string Summary)
{
    /// <summary>Runs it and gives its figures, the main one first.</summary>
    /// <param name="settings">How.</param>
    /// <param name="terminal">Where progress goes.</param>
    /// <exception cref="Ml.Data.BadInputException">Its data is missing.</exception>
    /// <exception cref="CommandFailedException">Training failed.</exception>
    public abstract Task<IReadOnlyList<BenchRow>> RunAsync(BenchSettings settings, Terminal terminal);

    /// <summary>The middle of some times, the upper one of an even number.</summary>
    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }
}
