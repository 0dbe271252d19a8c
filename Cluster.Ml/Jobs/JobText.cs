namespace Cluster.Ml.Jobs;

/// <summary>Writes a job as text with every default filled in: the text that travels, and that reads back as the same job.</summary>
internal static class JobText
{
    public static string Write(JobSpec job) => JobSpec.Declared.WriteLines(job, 0);

    /// <summary>Within single quotes YAML knows no escape but the doubled quote; control characters never get here.</summary>
    public static string Quote(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
