namespace Cluster.Coordinator.Cli;

/// <summary>Ends a command with a message and an exit code.</summary>
internal sealed class CommandFailedException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
