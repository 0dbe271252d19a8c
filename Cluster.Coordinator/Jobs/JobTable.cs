using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Jobs;

/// <summary>One job, as the manager knows it.</summary>
/// <param name="Submitted">What was asked.</param>
/// <param name="Line">Where it stands, and how often it was begun.</param>
/// <param name="Turn">The order of queueing; a resumed job queues again.</param>
/// <param name="Begun">Whether this run has left the queue.</param>
/// <param name="Finished">Its result; null while it is wanted.</param>
internal sealed record JobEntry(SubmitJob Submitted, JobLine Line, long Turn, bool Begun, JobFinished? Finished)
{
    /// <summary>Counts how often it was begun, from 1.</summary>
    public int Run => Line.Run;

    /// <summary>Whether it ended long ago, so that its text and figures are no longer here.</summary>
    public bool IsPast { get; init; }

    /// <summary>The order of ending.</summary>
    public long Ended { get; init; }

    /// <summary>A job that ended without a model may be resumed, and goes on from its checkpoint.</summary>
    public bool CanResume => Finished is { Status: JobStatus.Cancelled or JobStatus.Failed };
}

/// <summary>All jobs, oldest first: what the manager's journal tells, and how far the running ones are.</summary>
/// <remarks>
/// Queue  of the jobs that wait, the one with the highest priority begins, and among equals the one that queued first. A job
///        that runs is not interrupted for one of higher priority.
/// Past   of the jobs that have ended the last are kept whole; of the others only what keeps their names taken. Which they are follows from
///        the journal alone.
/// Goes on  if each submission names its run directory, a job may go on in another one, and with another text whose past is the
///        same (<see cref="JobChange"/>): it then counts as cancelled at its last step
/// </remarks>
/// <param name="limits">How much is kept.</param>
/// <param name="namesDirectories">Whether each submission names its own run directory.</param>
internal sealed class JobTable(CoordinatorLimits? limits = null, bool namesDirectories = false)
{
    private readonly CoordinatorLimits _limits = limits ?? new CoordinatorLimits();
    private readonly List<JobEntry> _jobs = [];
    private readonly PastJobs _past = new();
    private readonly Dictionary<string, JobId> _owners = [];        // of the run directories
    private long _turns;
    private long _ends;

    /// <summary>Jobs that have begun and are not finished, oldest first.</summary>
    public IEnumerable<JobEntry> Running => _jobs.Where(job => job.Begun && job.Finished is null);

    public JobList List() => new([.. _jobs.TakeLast(Messages.Wire.Limits.JobCountMax).Select(job => job.Line)]);

    public JobEntry? Find(JobId job)
    {
        int index = IndexOf(job);
        return index < 0 ? _past.Find(job) : _jobs[index];
    }

    /// <summary>Why no further job can wait, or null.</summary>
    public string? Crowded(JobId job)
    {
        int waiting = _jobs.Count(other => !other.Begun && other.Finished is null);
        if (waiting >= _limits.QueueMax) return $"job {job}: wanted fewer than {_limits.QueueMax} jobs that wait, got {waiting}; ask again when some have ended, or cancel some.";
        return _past.Count < _limits.PastJobsMax ? null
            : $"job {job}: wanted a journal of fewer than {_limits.PastJobsMax} jobs that have ended, got as many; give the coordinator a new journal and folder of runs.";
    }

    /// <summary>The next job to start; null if none waits, or the limit of running jobs is reached.</summary>
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
        { Submitted: var known, IsPast: false } when namesDirectories && GoesOn(known, submitted) => null,
        { Submitted: var known, IsPast: var past } when known with { Priority = submitted.Priority, Servers = submitted.Servers } == Compared(submitted, past) => null,
        { Submitted: var known, IsPast: var past } when known.JobText != Compared(submitted, past).JobText || known.Tasks != submitted.Tasks =>
            $"job {submitted.Job}: wanted the text that it was first submitted with, got another{(past ? "" : Differing(known, submitted))}; choose another name or output directory.",
        _ => $"job {submitted.Job}: wanted the directories that it was first submitted with, got others; choose another name or the same directories.",
    };

    /// <summary>Takes an entry of the journal.</summary>
    public void Apply(object entry)
    {
        switch (entry)
        {
            case SubmitJob again when _past.Take(again) is { } past:
                _jobs.Add(past with { Ended = _ends++ });
                PutOldestAway();
                break;
            case SubmitJob submitted when IndexOf(submitted.Job) < 0:
                _owners.TryAdd(Normal(submitted.RunDirectory), submitted.Job);
                _jobs.Add(new JobEntry(
                    submitted, new JobLine(submitted.Job, JobStatus.Queued, 1, submitted.Priority, 0, 0), _turns++, Begun: false, null));
                break;
            case SubmitJob again:
                Change(again.Job, job => Again(job, again));
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
                    Ended = _ends++,
                    Line = job.Line with { Status = finished.Status, Step = finished.Steps, Epoch = finished.Epochs },
                });
                PutOldestAway();
                break;
        }
    }

    /// <summary>A running job got further.</summary>
    public void Advance(JobId job, long step, int epoch) =>
        Change(job, known => known.Finished is null ? known with { Line = known.Line with { Step = step, Epoch = epoch } } : known);

    /// <summary>Whether a job that is known is to go on with another text or elsewhere.</summary>
    public static bool IsChanged(JobEntry job, SubmitJob submitted) =>
        job.Submitted.JobText != submitted.JobText || job.Submitted.RunDirectory != submitted.RunDirectory || job.Submitted.BaseDirectory != submitted.BaseDirectory;

    private static JobEntry Again(JobEntry job, SubmitJob again)
    {
        if (!IsChanged(job, again)) return job with { Submitted = job.Submitted with { Servers = again.Servers } };
        JobFinished stands = (job.Finished ?? JobReports.CancelledInQueue(job)) with { Status = JobStatus.Cancelled, ModelPath = "", ModelSha256 = "" };
        return job with { Submitted = again with { Priority = job.Submitted.Priority }, Finished = stands, Line = job.Line with { Status = stands.Status } };
    }

    private static bool GoesOn(SubmitJob known, SubmitJob now) =>
        known.Tasks is null && now.Tasks is null && TryDiffer(known, now, JobChange.OfThePast) is { Count: 0 };

    private static string Differing(SubmitJob known, SubmitJob now) =>
        TryDiffer(known, now, JobChange.Between) is [var first, ..] ? $", whose {first.Key} is {first.Now} and not {first.Begun}" : "";

    private static IReadOnlyList<JobDifference>? TryDiffer(SubmitJob known, SubmitJob now, Func<JobSpec, JobSpec, IReadOnlyList<JobDifference>> differ)
    {
        try
        {
            return differ(JobContext.Parse(known), JobContext.Parse(now));
        }
        catch (BadInputException)
        {
            return null;        // of a version that wrote other texts
        }
    }

    private JobId? OwnerOf(string runDirectory) => _owners.TryGetValue(Normal(runDirectory), out JobId owner) ? owner : null;

    private static SubmitJob Compared(SubmitJob submitted, bool past) => past ? submitted with { JobText = PastJobs.HashOf(submitted.JobText) } : submitted;

    /// <summary>Of the jobs that have ended only so many are kept whole.</summary>
    private void PutOldestAway()
    {
        if (_jobs.Count(job => job.Finished is not null) <= _limits.JobsKeptMax) return;
        JobEntry oldest = _jobs.Where(job => job.Finished is not null).MinBy(job => job.Ended)!;
        _jobs.RemoveAt(IndexOf(oldest.Submitted.Job));
        _past.Add(oldest);
    }

    private static string Normal(string directory) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));

    private void Change(JobId job, Func<JobEntry, JobEntry> change)
    {
        int index = IndexOf(job);
        if (index >= 0) _jobs[index] = change(_jobs[index]);
    }

    private int IndexOf(JobId job) => _jobs.FindIndex(entry => entry.Submitted.Job == job);
}
