using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Jobs;

/// <summary>One job, as the manager knows it.</summary>
/// <param name="Submitted">What was asked.</param>
/// <param name="Run">Counts how often it was begun, from 1.</param>
/// <param name="Line">Where it stands.</param>
/// <param name="Finished">Its result; null while it is wanted.</param>
internal sealed record JobEntry(SubmitJob Submitted, int Run, JobLine Line, JobFinished? Finished)
{
    /// <summary>A job that ended without a model may be submitted again, and goes on from its checkpoint.</summary>
    public bool CanResume => Finished is { Status: JobStatus.Cancelled or JobStatus.Failed };
}

/// <summary>All jobs, oldest first: what the manager's journal tells, and how far the running ones are.</summary>
internal sealed class JobTable
{
    private readonly List<JobEntry> _jobs = [];

    /// <summary>Jobs that are wanted and not finished, oldest first.</summary>
    public IEnumerable<JobEntry> Unfinished => _jobs.Where(job => job.Finished is null);

    public JobList List() => new([.. _jobs.Select(job => job.Line)]);

    public JobEntry? Find(JobId job)
    {
        int index = IndexOf(job);
        return index < 0 ? null : _jobs[index];
    }

    /// <summary>Why the job cannot be taken, or null. The same job with the same text is always taken.</summary>
    public string? Refusal(SubmitJob submitted) => Find(submitted.Job) switch
    {
        null => null,
        { Submitted: var known } when known == submitted => null,
        { Submitted: var known } when known.JobText != submitted.JobText || known.Folds != submitted.Folds =>
            $"job {submitted.Job}: wanted the text that it was first submitted with, got another; choose another name or output directory.",
        _ => $"job {submitted.Job}: wanted the directories that it was first submitted with, got others; choose another name or the same directories.",
    };

    /// <summary>Takes an entry of the journal.</summary>
    public void Apply(object entry)
    {
        switch (entry)
        {
            case SubmitJob submitted when IndexOf(submitted.Job) < 0:
                _jobs.Add(new JobEntry(submitted, 1, new JobLine(submitted.Job, JobStatus.Queued, 0, 0), null));
                break;
            case JobResumed resumed:
                Change(resumed.Job, job => job with { Run = resumed.Run, Finished = null, Line = job.Line with { Status = JobStatus.Queued } });
                break;
            case JobFinished finished:
                JobLine line = new(finished.Job, finished.Status, finished.Steps, finished.Epochs);
                Change(finished.Job, job => job with { Finished = finished, Line = line });
                break;
        }
    }

    /// <summary>A running job got further.</summary>
    public void Advance(JobLine line) => Change(line.Job, job => job.Finished is null ? job with { Line = line } : job);

    private void Change(JobId job, Func<JobEntry, JobEntry> change)
    {
        int index = IndexOf(job);
        if (index >= 0) _jobs[index] = change(_jobs[index]);
    }

    private int IndexOf(JobId job) => _jobs.FindIndex(entry => entry.Submitted.Job == job);
}
