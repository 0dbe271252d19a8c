using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Jobs;

/// <summary>One job, as the manager knows it.</summary>
/// <param name="Submitted">What was asked.</param>
/// <param name="Line">Where it stands, and how often it was begun.</param>
/// <param name="Turn">Counts who queued before whom; a resumed job queues again.</param>
/// <param name="Begun">Whether this run has left the queue.</param>
/// <param name="Finished">Its result; null while it is wanted.</param>
internal sealed record JobEntry(SubmitJob Submitted, JobLine Line, long Turn, bool Begun, JobFinished? Finished)
{
    /// <summary>Counts how often it was begun, from 1.</summary>
    public int Run => Line.Run;

    /// <summary>A job that ended without a model may be resumed, and goes on from its checkpoint.</summary>
    public bool CanResume => Finished is { Status: JobStatus.Cancelled or JobStatus.Failed };
}

/// <summary>All jobs, oldest first: what the manager's journal tells, and how far the running ones are.</summary>
/// <remarks>
/// Queue  of the jobs that wait, the one with the highest priority begins, and among equals the one that queued first. A job
///        that runs is not interrupted for one of higher priority.
/// </remarks>
internal sealed class JobTable
{
    private readonly List<JobEntry> _jobs = [];
    private long _turns;

    /// <summary>Jobs that have begun and are not finished, oldest first.</summary>
    public IEnumerable<JobEntry> Running => _jobs.Where(job => job.Begun && job.Finished is null);

    public JobList List() => new([.. _jobs.TakeLast(Messages.Wire.Limits.JobCountMax).Select(job => job.Line)]);

    public JobEntry? Find(JobId job)
    {
        int index = IndexOf(job);
        return index < 0 ? null : _jobs[index];
    }

    /// <summary>The job whose turn it is; null where none waits, or where as many run as may.</summary>
    /// <param name="atOnce">How many may run at once.</param>
    public JobEntry? Next(int atOnce) => Running.Count() >= atOnce ? null : _jobs
        .Where(job => !job.Begun && job.Finished is null)
        .OrderByDescending(job => job.Submitted.Priority).ThenBy(job => job.Turn)
        .FirstOrDefault();

    /// <summary>Why the job cannot be taken, or null. The same job with the same text is always taken.</summary>
    public string? Refusal(SubmitJob submitted) => Find(submitted.Job) switch
    {
        null => OwnerOf(submitted.RunDirectory) is { } owner
            ? $"job {submitted.Job}: wanted a run directory of its own, got {submitted.RunDirectory}, which is that of job {owner}; choose another output directory."
            : null,
        { Submitted: var known } when known with { Priority = submitted.Priority, Servers = submitted.Servers } == submitted => null,
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
                _jobs.Add(new JobEntry(
                    submitted, new JobLine(submitted.Job, JobStatus.Queued, 1, submitted.Priority, 0, 0), _turns++, Begun: false, null));
                break;
            case SubmitJob again:
                Change(again.Job, job => job with { Submitted = job.Submitted with { Servers = again.Servers } });
                break;
            case JobResumed resumed:
                Change(resumed.Job, job => job with
                {
                    Finished = null,
                    Begun = false,
                    Turn = _turns++,
                    Line = job.Line with { Run = resumed.Run, Status = JobStatus.Queued },
                });
                break;
            case JobBegun begun:
                Change(begun.Job, job => job with { Begun = true, Line = job.Line with { Status = JobStatus.Running } });
                break;
            case JobFinished finished:
                Change(finished.Job, job => job with
                {
                    Finished = finished,
                    Line = job.Line with { Status = finished.Status, Step = finished.Steps, Epoch = finished.Epochs },
                });
                break;
        }
    }

    /// <summary>A running job got further.</summary>
    public void Advance(JobId job, long step, int epoch) =>
        Change(job, known => known.Finished is null ? known with { Line = known.Line with { Step = step, Epoch = epoch } } : known);

    private JobId? OwnerOf(string runDirectory)
    {
        string full = Normal(runDirectory);
        return _jobs.Find(job => Normal(job.Submitted.RunDirectory) == full)?.Submitted.Job;
    }

    private static string Normal(string directory) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));

    private void Change(JobId job, Func<JobEntry, JobEntry> change)
    {
        int index = IndexOf(job);
        if (index >= 0) _jobs[index] = change(_jobs[index]);
    }

    private int IndexOf(JobId job) => _jobs.FindIndex(entry => entry.Submitted.Job == job);
}
