using System.Security.Cryptography;
using System.Text;
using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Jobs;

/// <summary>Jobs that ended long ago: what they were called and how they ended, without text and figures. So a name stays taken, as the job's own journal has it.</summary>
internal sealed class PastJobs
{
    private readonly Dictionary<JobId, JobEntry> _jobs = [];

    /// <summary>How many there are.</summary>
    public int Count => _jobs.Count;

    /// <summary>The job, its text replaced by <see cref="HashOf"/> of it; null if there is none of that name.</summary>
    public JobEntry? Find(JobId job) => _jobs.GetValueOrDefault(job);

    /// <summary>Puts a job away that has ended.</summary>
    public void Add(JobEntry job) => _jobs[job.Submitted.Job] = job with
    {
        IsPast = true,
        Submitted = job.Submitted with { JobText = HashOf(job.Submitted.JobText) },
        Finished = job.Finished! with { Training = [], Validation = [], Test = [], Tasks = [], Exchange = [] },
    };

    /// <summary>Takes a job out whose text was submitted again; null if there is none of that name.</summary>
    public JobEntry? Take(SubmitJob again) =>
        _jobs.Remove(again.Job, out JobEntry? known) ? known with { IsPast = false, Submitted = again } : null;

    /// <summary>What stands for a text that is no longer kept.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
