namespace Cluster.Messages;

/// <summary>The one word, or two with a hyphen, that a person and a program read for if a job stands.</summary>
public static class JobStatusWord
{
    /// <summary>The word.</summary>
    public static string Of(JobStatus status) => status switch
    {
        JobStatus.StoppedEarly => "stopped-early",
        _ => status.ToString().ToLowerInvariant(),
    };
}
