using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node.Http;
using Cluster.Messages.Node.Settings;
using Cluster.Seed.Dashboard.History;
using Cluster.Seed.Dashboard.Pages;
using Cluster.Seed.Http;
using Microsoft.AspNetCore.Http;

namespace Cluster.Seed.Dashboard;

/// <summary>Gathers what each page shows, and shows it.</summary>
internal sealed class DashboardPages(DashboardGuard guard, DashboardData data)
{
    private const int SearchMax = 100, ChoicesMax = 100;

    /// <summary>Whether jobs are submitted here.</summary>
    public bool MaySubmit => data.Options.MaySubmit;

    /// <summary>The list of jobs.</summary>
    public Task JobsAsync(HttpContext context, DashboardSession session) => JobsAsync(context, session, null, null);

    /// <summary>The list of jobs, with a submission that was refused.</summary>
    public async Task JobsAsync(HttpContext context, DashboardSession session, GivenJob? given, ProblemException? refused)
    {
        IQueryCollection query = context.Request.Query;
        string search = query["search"].ToString() is { Length: <= SearchMax } text ? text.Trim() : "";
        JobStatus[] wanted = [.. Enum.GetValues<JobStatus>().Where(status => JobStatusWord.Of(status) == query["status"].ToString())];
        Heard<JobList> heard = await data.JobsAsync();
        (ImmutableArray<JobLine> lines, JobsView view) = JobsView.Of(
            heard.Answer ?? new JobList([]), wanted.Length == 0 ? null : wanted[0], search, ValueKind.Whole.TryRead(query["page"].ToString(), out int page) ? page : 1);
        PageFrame frame = Frame(session, "Jobs", "Jobs", heard.Problem, heard.Answer is null ? null : heard.At) with { Error = refused?.Message };
        await DashboardResponse.PageAsync<JobsPage>(
            context, new() { ["Frame"] = frame, ["View"] = view with { Rows = await data.RowsAsync(lines) }, ["MaySubmit"] = MaySubmit, ["Given"] = given },
            refused?.Status ?? StatusCodes.Status200OK);
    }

    /// <summary>One job.</summary>
    public Task JobAsync(HttpContext context, DashboardSession session) => JobAsync(context, session, null);

    /// <summary>One job, with a wish that was refused.</summary>
    public async Task JobAsync(HttpContext context, DashboardSession session, ProblemException? refused)
    {
        try
        {
            JobId job = JobRequests.Name((string?)context.Request.RouteValues["job"]);
            (JobView view, string? problem) = await ViewAsync(job);
            await DashboardResponse.PageAsync<JobPage>(
                context, new() { ["Frame"] = Frame(session, job.Value, "Jobs", problem, null) with { Error = refused?.Message }, ["View"] = view },
                refused?.Status ?? StatusCodes.Status200OK);
        }
        catch (ProblemException problem)
        {
            await DashboardResponse.PageAsync<MissingPage>(
                context, new() { ["Frame"] = Frame(session, "No such job", "Jobs", null, null) with { Error = problem.Message } }, problem.Status);
        }
    }


    /// <summary>Jobs beside each other; names of none are passed over.</summary>
    public async Task CompareAsync(HttpContext context, DashboardSession session)
    {
        Heard<JobList> heard = await data.JobsAsync();
        string[] others = [.. (heard.Answer?.Jobs ?? []).Reverse().Take(ChoicesMax).Select(line => line.Job.Value)];
        HashSet<string> known = [.. (heard.Answer?.Jobs ?? []).Select(line => line.Job.Value)];
        string[] chosen = [.. context.Request.Query["job"].OfType<string>().Where(known.Contains).Distinct().Take(CompareView.JobsMax)];
        (JobView View, string? Problem)[] views = await Task.WhenAll(chosen.Select(job => ViewAsync(new JobId(job))));
        CompareView view = new([.. views.Select(job => job.View)], [.. chosen.Union(others)]);
        await DashboardResponse.PageAsync<ComparePage>(
            context, new() { ["Frame"] = Frame(session, "Compare", "Compare", heard.Problem, heard.Answer is null ? null : heard.At), ["View"] = view });
    }

    /// <summary>The nodes, and what befell them.</summary>
    public async Task ClusterAsync(HttpContext context, DashboardSession session)
    {
        Heard<JobList> heard = await data.JobsAsync();
        (ImmutableArray<HistoryEvent> events, ImmutableArray<NodeLoss> losses) = data.History.LookAtNodes();
        ClusterSight view = new(
            data.Look(), await data.RowsAsync((heard.Answer?.Jobs ?? []).Where(line => line.Status == JobStatus.Running)), losses, events, data.History.Since);
        await DashboardResponse.PageAsync<ClusterPage>(
            context, new() { ["Frame"] = Frame(session, "Cluster", "Cluster", heard.Problem, heard.Answer is null ? null : heard.At), ["View"] = view });
    }

    private async Task<(JobView View, string? Problem)> ViewAsync(JobId job)
    {
        Heard<JobDescribed> heard = await data.DescribeAsync(job);
        string text = data.History.TextOf(job) ?? "";
        return (new JobView(job, heard.Answer?.Line, heard.Answer?.Finished, data.History.Look(job), data.Explain(text), text), heard.Problem);
    }

    private PageFrame Frame(DashboardSession session, string title, string section, string? problem, DateTimeOffset? last) =>
        new(title, section, guard.Key, session.FormKey, data.Now, data.Look().Seed)
        {
            Stale = problem is null ? null : last is { } at ? $"{Capital(problem)} This is as it was at {PageText.Clock(at)} UTC." : Capital(problem),
        };

    private static string Capital(string text) => string.Concat(char.ToUpperInvariant(text[0]).ToString(), text.AsSpan(1));
}
