using Cluster.Messages;
using Cluster.Messages.Api;
using Cluster.Messages.Identifiers;
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
    /// <param name="requests">What they ask for of jobs.</param>
    /// <param name="stopping">Cancelled when the server ends, and with it every stream.</param>
    public static void Map(IEndpointRouteBuilder routes, ClusterClient cluster, JobRequests requests, CancellationToken stopping)
    {
        Describe(routes.MapGet(ApiRoutes.Cluster, () => TypedResults.Ok(cluster.Look())), "status", "Every node with its roles and whether it is reachable.");
        Describe(routes.MapGet(ApiRoutes.Jobs, async () => TypedResults.Ok(await cluster.AskAsync<JobList>(new ListJobs(), StatusCodes.Status409Conflict))), "jobs", "The jobs, oldest first.");
        Describe(
            routes.MapPost(ApiRoutes.Jobs, (JobSubmission submission) => SubmitAsync(requests, submission))
                .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status429TooManyRequests), "submit", "Queues a job. The same job with the same text is accepted again and begins nothing.");
        Describe(routes.MapGet(ApiRoutes.Job, async (string job) => TypedResults.Ok(await cluster.DescribeAsync(JobRequests.Name(job)))).ProducesProblem(404), "describe", "Where a job stands, and its result once it has ended.");
        Describe(
            routes.MapPost(ApiRoutes.Cancel, async (string job, int? run) => TypedResults.Ok(await requests.CancelAsync(JobRequests.Name(job), run))).ProducesProblem(404).ProducesProblem(409),
            "cancel", "Ends a run of a job after a checkpoint; the newest run where none is named.");
        Describe(
            routes.MapPost(ApiRoutes.Resume, (string job, int? run) => ResumeAsync(requests, JobRequests.Name(job), run)).ProducesProblem(404).ProducesProblem(409).ProducesProblem(429),
            "resume", "Lets a job that was cancelled or has failed go on from its checkpoint.");
        Describe(
            routes.MapGet(ApiRoutes.Events, (string job) => JobEventStream.OpenAsync(cluster, JobRequests.Name(job), stopping)).ProducesProblem(404),
            "watch", "Follows a job to its end: events line, steps, epoch, task, and finished as the last.");
        Describe(
            routes.MapGet(ApiRoutes.Model, (string job, HttpContext context) => ModelDownload.WriteAsync(cluster, JobRequests.Name(job), context))
                .Produces<byte[]>(200, "application/octet-stream").ProducesProblem(404).ProducesProblem(409),
            "model", "The model file of a finished job.");
    }

    private static void Describe(RouteHandlerBuilder route, string name, string summary) =>
        route.WithName(name).WithSummary(summary).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Accepted<JobAccepted>> SubmitAsync(JobRequests requests, JobSubmission submission)
    {
        JobAccepted accepted = await requests.SubmitAsync(submission);
        return TypedResults.Accepted(ApiRoutes.Of(ApiRoutes.Job, accepted.Job), accepted);
    }

    private static async Task<Accepted<JobAccepted>> ResumeAsync(JobRequests requests, JobId job, int? run) =>
        TypedResults.Accepted(ApiRoutes.Of(ApiRoutes.Job, job), await requests.ResumeAsync(job, run));
}
