using Cluster.Messages.Identifiers;

namespace Cluster.Messages.Api;

/// <summary>Where the HTTP API answers what.</summary>
public static class ApiRoutes
{
    /// <summary>Below which all of it lies.</summary>
    public const string Root = "/api/v1";

    /// <summary>GET: the cluster.</summary>
    public const string Cluster = Root + "/cluster";

    /// <summary>GET: the jobs. POST: a new one.</summary>
    public const string Jobs = Root + "/jobs";

    /// <summary>GET: one job.</summary>
    public const string Job = Jobs + "/{job}";

    /// <summary>POST: ends its run.</summary>
    public const string Cancel = Job + "/cancel";

    /// <summary>POST: lets it go on.</summary>
    public const string Resume = Job + "/resume";

    /// <summary>GET: its progress, as server-sent events.</summary>
    public const string Events = Job + "/events";

    /// <summary>GET: its model file.</summary>
    public const string Model = Job + "/model";

    /// <summary>GET: the description of all this.</summary>
    public const string Description = "/openapi/v1.json";

    /// <summary>A route with the job's name in its place.</summary>
    public static string Of(string route, JobId job)
    {
        ArgumentNullException.ThrowIfNull(route);
        return route.Replace("{job}", Uri.EscapeDataString(job.Value), StringComparison.Ordinal);
    }
}

/// <summary>The names of the server-sent events of a job; the data of each is the record in JSON.</summary>
public static class ApiEvents
{
    /// <summary><see cref="JobLine"/>: if the job stands; again and again, so that silence means that something is wrong.</summary>
    public const string Line = "line";

    /// <summary><see cref="StepsProgressed"/>.</summary>
    public const string Steps = "steps";

    /// <summary><see cref="EpochProgressed"/>.</summary>
    public const string Epoch = "epoch";

    /// <summary><see cref="TaskProgressed"/>.</summary>
    public const string Task = "task";

    /// <summary><see cref="JobFinished"/>: the last one.</summary>
    public const string Finished = "finished";
}
