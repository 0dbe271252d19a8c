namespace Cluster.Messages;

/// <summary>Marks what may pass between two processes. Each such record has a row in PROTOCOL.md and a codec.</summary>
public interface IClusterMessage;

/// <summary>A message that names its job.</summary>
public interface IJobMessage : IClusterMessage
{
    /// <summary>The job.</summary>
    Identifiers.JobId Job { get; }
}
