using System.Text;
using Cluster.Messages;
using Cluster.Messages.Api;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node.Http;
using Cluster.Messages.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Cluster.Seed.Http;

/// <summary>The routes of the HTTP API.</summary>
internal static class ApiEndpoints
{
    /// <summary>Adds them.</summary>
    /// <param name="routes">To what.</param>
    /// <param name="cluster">Whom they ask.</param>
    /// <param name="stopping">Cancelled when the server ends, and with it every stream.</param>
    public static void Map(IEndpointRouteBuilder routes, ClusterClient cluster, CancellationToken stopping)
    {
        Describe(routes.MapGet(ApiRoutes.Cluster, () => TypedResults.Ok(cluster.Look())), "status", "Every node with its roles and whether it is reachable.");
        Describe(routes.MapGet(ApiRoutes.Jobs, async () => TypedResults.Ok(await cluster.AskAsync<JobList>(new ListJobs(), StatusCodes.Status409Conflict))), "jobs", "The jobs, oldest first.");
        Describe(
            routes.MapPost(ApiRoutes.Jobs, (JobSubmission submission) => SubmitAsync(cluster, submission))
                .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status429TooManyRequests), "submit", "Queues a job. The same job with the same text is accepted again and begins nothing.");
        Describe(routes.MapGet(ApiRoutes.Job, async (string job) => TypedResults.Ok(await cluster.DescribeAsync(Name(job)))).ProducesProblem(404), "describe", "Where a job stands, and its result once it has ended.");
        Describe(
            routes.MapPost(ApiRoutes.Cancel, (string job, int? run) => CancelAsync(cluster, Name(job), run)).ProducesProblem(404).ProducesProblem(409),
            "cancel", "Ends a run of a job after a checkpoint; the newest run where none is named.");
        Describe(
            routes.MapPost(ApiRoutes.Resume, (string job, int? run) => ResumeAsync(cluster, Name(job), run)).ProducesProblem(404).ProducesProblem(409).ProducesProblem(429),
            "resume", "Lets a job that was cancelled or has failed go on from its checkpoint.");
        Describe(
            routes.MapGet(ApiRoutes.Events, (string job) => JobEventStream.OpenAsync(cluster, Name(job), stopping)).ProducesProblem(404),
            "watch", "Follows a job to its end: events line, steps, epoch, task, and finished as the last.");
        Describe(
            routes.MapGet(ApiRoutes.Model, (string job, HttpContext context) => ModelDownload.WriteAsync(cluster, Name(job), context))
                .Produces<byte[]>(200, "application/octet-stream").ProducesProblem(404).ProducesProblem(409),
            "model", "The model file of a finished job.");
    }

    private static void Describe(RouteHandlerBuilder route, string name, string summary) =>
        route.WithName(name).WithSummary(summary).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Accepted<JobAccepted>> SubmitAsync(ClusterClient cluster, JobSubmission submission)
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
        return TypedResults.Accepted(ApiRoutes.Of(ApiRoutes.Job, job), accepted);
    }

    private static async Task<Ok<JobCancelling>> CancelAsync(ClusterClient cluster, JobId job, int? run)
    {
        int newest = (await cluster.DescribeAsync(job)).Line.Run;
        return TypedResults.Ok(await cluster.AskAsync<JobCancelling>(new CancelJob(job, run ?? newest), StatusCodes.Status409Conflict));
    }

    private static async Task<Accepted<JobAccepted>> ResumeAsync(ClusterClient cluster, JobId job, int? run)
    {
        JobDescribed described = await cluster.DescribeAsync(job);
        if (run is null && described.Finished is null)
            throw new ProblemException(StatusCodes.Status409Conflict, $"job {job}: wanted one that was cancelled or has failed, got one that is {JobStatusWord.Of(described.Line.Status)}.");
        return TypedResults.Accepted(
            ApiRoutes.Of(ApiRoutes.Job, job),
            await cluster.AskAsync<JobAccepted>(new ResumeJob(job, run ?? described.Line.Run + 1), StatusCodes.Status409Conflict));
    }

    private static JobId Name(string? name)
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
