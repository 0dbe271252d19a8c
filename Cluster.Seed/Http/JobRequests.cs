using System.Text;
using Cluster.Messages;
using Cluster.Messages.Api;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node.Http;
using Cluster.Messages.Wire;
using Microsoft.AspNetCore.Http;

namespace Cluster.Seed.Http;

/// <summary>What people ask for of jobs, by the API or by a page: checked here, then asked of the job manager.</summary>
/// <param name="cluster">Whom to ask.</param>
internal sealed class JobRequests(ClusterClient cluster)
{
    /// <summary>Told of each job that was accepted, with its text.</summary>
    public Action<JobId, string> Submitted { get; init; } = (_, _) => { };

    /// <summary>Queues a job.</summary>
    /// <exception cref="ProblemException">It is refused.</exception>
    public async Task<JobAccepted> SubmitAsync(JobSubmission submission)
    {
        JobId job = Name(submission.Job.Value);
        Require(Encoding.UTF8.GetByteCount(submission.Text) <= Limits.JobTextBytesMax, $"text: wanted at most {Limits.JobTextBytesMax} bytes, got {Encoding.UTF8.GetByteCount(submission.Text)}");
        Require(Path.IsPathFullyQualified(submission.BaseDirectory) && submission.BaseDirectory.Length <= Limits.PathBytesMax / 4,
            $"base_directory: wanted an absolute path of at most {Limits.PathBytesMax / 4} characters, got '{submission.BaseDirectory}'");
        Require(submission.Folds is 0 or (>= 2 and <= Limits.ShardCountMax), $"folds: wanted 0 or 2 to {Limits.ShardCountMax}, got {submission.Folds}");
        Require(submission.Servers is >= 1 and <= Limits.RangeCountMax, $"servers: wanted 1 to {Limits.RangeCountMax}, got {submission.Servers}");
        Require(submission.Priority is >= -Limits.PriorityMax and <= Limits.PriorityMax, $"priority: wanted −{Limits.PriorityMax} to {Limits.PriorityMax}, got {submission.Priority}");
        JobAccepted accepted = await cluster.AskAsync<JobAccepted>(
            new SubmitJob(job, submission.Text, submission.BaseDirectory, "", TaskOrder.OfFolds(submission.Folds), submission.Priority, submission.Servers),
            StatusCodes.Status422UnprocessableEntity);
        Submitted(job, submission.Text);
        return accepted;
    }

    /// <summary>Ends a run of a job after a checkpoint.</summary>
    /// <param name="job">The job.</param>
    /// <param name="run">Which run; null for the newest.</param>
    /// <exception cref="ProblemException">It cannot be ended.</exception>
    public async Task<JobCancelling> CancelAsync(JobId job, int? run = null)
    {
        int newest = (await cluster.DescribeAsync(job)).Line.Run;
        return await cluster.AskAsync<JobCancelling>(new CancelJob(job, run ?? newest), StatusCodes.Status409Conflict);
    }

    /// <summary>Lets a job that was cancelled or has failed go on.</summary>
    /// <param name="job">The job.</param>
    /// <param name="run">The run that begins; null for the next.</param>
    /// <exception cref="ProblemException">It cannot go on.</exception>
    public async Task<JobAccepted> ResumeAsync(JobId job, int? run = null)
    {
        JobDescribed described = await cluster.DescribeAsync(job);
        if (run is null && described.Finished is null)
            throw new ProblemException(StatusCodes.Status409Conflict, $"job {job}: wanted one that was cancelled or has failed, got one that is {JobStatusWord.Of(described.Line.Status)}.");
        return await cluster.AskAsync<JobAccepted>(new ResumeJob(job, run ?? described.Line.Run + 1), StatusCodes.Status409Conflict);
    }

    /// <summary>The job of this name.</summary>
    /// <exception cref="ProblemException">It is no name of a job.</exception>
    public static JobId Name(string? name)
    {
        Require(name is { Length: > 0 and <= Limits.JobIdBytesMax } && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'),
            $"job: wanted 1 to {Limits.JobIdBytesMax} letters, digits, '-', '_' and '.', beginning with a letter or digit, got another name");
        return new JobId(name!);
    }

    private static void Require(bool holds, string failure)
    {
        if (!holds) throw new ProblemException(StatusCodes.Status400BadRequest, failure);
    }
}
