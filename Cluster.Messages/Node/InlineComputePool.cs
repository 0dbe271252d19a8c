namespace Cluster.Messages.Node;

/// <summary>Runs each piece of work at once, on the caller's thread: for tests, and for simulation on one thread.</summary>
/// <remarks>The task it returns is already complete, so <c>PipeTo</c> sends the result before <see cref="Run"/>'s caller goes on.</remarks>
public sealed class InlineComputePool : IComputePool
{
    /// <inheritdoc/>
    public int Threads => 1;

    /// <inheritdoc/>
    public Task<T> Run<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            return Task.FromResult(work());
        }
#pragma warning disable CA1031 // What the work throws is its result, and goes to its awaiter.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Task.FromException<T>(failure);
        }
    }
}
