using Cluster.Messages;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks;

namespace Cluster.Coordinator.Jobs;

/// <summary>Which requests the manager takes.</summary>
internal sealed class JobAdmission(CoordinatorServices services, JobTable jobs)
{
    /// <summary>The submission, with a run directory that the coordinator chooses if it names none.</summary>
    public SubmitJob Complete(SubmitJob submit) => submit.RunDirectory.Length > 0 || services.RunsDirectory is null
        ? submit
        : submit with { RunDirectory = Path.Combine(services.RunsDirectory, submit.Job.Value) };

    /// <summary>Why a job cannot be taken, or null.</summary>
    public string? Refusal(SubmitJob submit)
    {
        if (submit.RunDirectory.Length == 0) return $"job {submit.Job}: wanted a run directory, got none, and the coordinator has no folder of runs; set its setting runs.";
        if (!IsName(submit.Job.Value)) return "job: wanted a name of letters, digits, '-', '_' and '.' that begins with a letter or digit, got another.";
        if (services.Roots is not null && !IsOurs(submit.RunDirectory)) return $"job {submit.Job}: wanted a run directory below the coordinator's folder of runs, got one elsewhere; name none.";
        if (submit.Tasks is { } order && TaskRegistry.Find(order.Kind) is null)
            return $"job {submit.Job}: wanted tasks of a kind that is known, {string.Join(" or ", TaskRegistry.Names)}, got {order.Kind}; run the same version of the program on every node.";
        if (jobs.Refusal(submit) is { } reason) return reason;
        if (jobs.Find(submit.Job) is not null) return null;
        try
        {
            JobSpec spec = JobContext.Parse(submit);
            if (submit.Tasks is { } tasks) TaskRegistry.Of(tasks.Kind).Require(new TaskJob(spec, tasks.Specification));
            services.Roots?.Require(spec);
            return !spec.Data.IsRead || services.SeesData(spec.Data.Source) ? null
                : $"job {submit.Job}: wanted data.source {spec.Data.Source} on the coordinator's machine, got no such file or folder; put it where the coordinator sees it; workers that do not are sent it.";
        }
        catch (BadInputException bad)
        {
            return bad.Message;
        }
    }

    /// <summary>It becomes the name of a folder.</summary>
    private static bool IsName(string name) =>
        name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>Whether the folder is below the folder of runs after links are followed.</summary>
    private bool IsOurs(string directory)
    {
        if (services.RunsDirectory is null) return false;
        try
        {
            string runs = RealPath.Of(services.RunsDirectory), real = RealPath.Of(directory);
            return real != runs && RealPath.IsWithin(real, runs);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Why a job cannot be resumed, or null.</summary>
    public static string? Refusal(ResumeJob resume, JobEntry job) =>
        !job.CanResume ? $"job {resume.Job}: wanted one that was cancelled or has failed, got one that is {JobStatusWord.Of(job.Line.Status)}."
        : job.IsPast ? $"job {resume.Job}: wanted one whose text is still here, got one that ended before many others; submit the same job again, then resume it."
        : resume.Run > job.Run + 1 ? $"job {resume.Job}: wanted run {job.Run + 1}, got {resume.Run}; ask for the job's description first."
        : null;

    /// <summary>Why a job cannot be cancelled, or null.</summary>
    public static string? Refusal(CancelJob cancel, JobEntry job) =>
        job.Finished is not null ? $"job {cancel.Job}: wanted a job that runs or waits, got one that is {JobStatusWord.Of(job.Line.Status)}."
        : cancel.Run > job.Run ? $"job {cancel.Job}: wanted run {job.Run}, got {cancel.Run}; ask for the job's description first."
        : null;
}
