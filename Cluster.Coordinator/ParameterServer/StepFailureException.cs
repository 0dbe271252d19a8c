namespace Cluster.Coordinator.ParameterServer;

/// <summary>Something that nobody foresaw went wrong while a message about this step was handled.</summary>
internal sealed class StepFailureException(long step, Exception cause) : Exception(cause.Message, cause)
{
    /// <summary>Counts the steps that were done by then.</summary>
    public long Step { get; } = step;
}
