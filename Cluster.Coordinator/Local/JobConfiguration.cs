using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Seed.Dashboard;

namespace Cluster.Coordinator.Local;

/// <summary>A job's text, key by key, for the dashboard: what differs from what a job has that says nothing of it.</summary>
internal static class JobConfiguration
{
    /// <summary>What the dashboard of a cluster on this machine is told.</summary>
    public static DashboardOptions DashboardOf(LocalClusterOptions options) => new()
    {
        MaySubmit = options.Watched is null,
        Explain = Of,
        Known = options.Watched is { } job ? [(job.Job, job.JobText)] : [],
    };

    /// <summary>Every key of the effective job, in the order of its text; none if the text is no job.</summary>
    public static ImmutableArray<ConfigurationLine> Of(string text)
    {
        try
        {
            JobSpec job = JobFile.Parse(text, "job", Path.GetTempPath());
            return [.. JobChange.Between(job, job with { Text = "" }).Select(key => LineOf(job, key.Key, key.Begun))];
        }
        catch (BadInputException)
        {
            return [];
        }
    }

    /// <summary>The default of a key depends on others: it is what the job has when the key is taken out.</summary>
    private static ConfigurationLine LineOf(JobSpec job, string key, string value)
    {
        try
        {
            JobSpec without = JobFile.Parse(job.Text, job.Name, job.BaseDirectory, [$"{key}=null"]);
            JobDifference? change = JobChange.Between(job, without).FirstOrDefault(difference => difference.Key == key);
            return new ConfigurationLine(key, value, change?.Now ?? value, change is not null);
        }
        catch (BadInputException)
        {
            return new ConfigurationLine(key, value, "", Differs: true);
        }
    }
}
