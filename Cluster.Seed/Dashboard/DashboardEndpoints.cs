using Cluster.Messages.Node.Http;
using Cluster.Seed.Dashboard.Pages;
using Cluster.Seed.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cluster.Seed.Dashboard;

/// <summary>The routes of the dashboard. Strangers get the page to log in, its style and script, and nothing else.</summary>
internal sealed class DashboardEndpoints
{
    private readonly DashboardGuard _guard;
    private readonly DashboardPages _pages;
    private readonly JobRequests _requests;

    private DashboardEndpoints(DashboardGuard guard, DashboardData data, JobRequests requests) =>
        (_guard, _pages, _requests) = (guard, new DashboardPages(guard, data), requests);

    /// <summary>Adds them.</summary>
    /// <param name="routes">To what.</param>
    /// <param name="guard">Who is let in.</param>
    /// <param name="data">What the pages show.</param>
    /// <param name="requests">What forms ask for.</param>
    public static void Map(IEndpointRouteBuilder routes, DashboardGuard guard, DashboardData data, JobRequests requests)
    {
        DashboardEndpoints own = new(guard, data, requests);
        Add(routes.MapGet(DashboardRoutes.Root, own.LogInPageAsync));
        Add(routes.MapPost(DashboardRoutes.LogIn, own.LogInAsync));
        Add(routes.MapGet(DashboardRoutes.Assets, (RequestDelegate)DashboardResponse.AssetAsync));
        Add(routes.MapGet(DashboardRoutes.Inside, context => own.SeeAsync(context, (_, _) => Go(context, own.At(DashboardRoutes.Jobs)))));
        Add(routes.MapGet(DashboardRoutes.Jobs, context => own.SeeAsync(context, own._pages.JobsAsync)));
        Add(routes.MapGet(DashboardRoutes.Job, context => own.SeeAsync(context, own._pages.JobAsync)));
        Add(routes.MapGet(DashboardRoutes.Compare, context => own.SeeAsync(context, own._pages.CompareAsync)));
        Add(routes.MapGet(DashboardRoutes.Cluster, context => own.SeeAsync(context, own._pages.ClusterAsync)));
        Add(routes.MapPost(DashboardRoutes.Jobs, context => own.ActAsync(context, own.SubmitAsync)));
        Add(routes.MapPost(DashboardRoutes.Cancel, context => own.ActAsync(context, own.CancelAsync)));
        Add(routes.MapPost(DashboardRoutes.Resume, context => own.ActAsync(context, own.ResumeAsync)));
        Add(routes.MapPost(DashboardRoutes.LogOut, context => own.ActAsync(context, own.LogOut)));
    }

    private static void Add(IEndpointConventionBuilder route) => route.Add(builder => builder.Metadata.Add(new ExcludeFromDescriptionAttribute()));

    private static Task Go(HttpContext context, string address)
    {
        DashboardResponse.SeeOther(context, address);
        return Task.CompletedTask;
    }

    private string At(string route) => route.Replace("{key}", _guard.Key, StringComparison.Ordinal);

    private string At(string route, string job) => At(route).Replace("{job}", Uri.EscapeDataString(job), StringComparison.Ordinal);

    private Task LogInPageAsync(HttpContext context) => LogInPageAsync(context, null, StatusCodes.Status200OK);

    private Task LogInPageAsync(HttpContext context, string? error, int status)
    {
        DashboardResponse.Close(context);
        return DashboardResponse.PageAsync<LogInPage>(context, new() { ["Error"] = error, ["HasToken"] = _guard.HasToken }, status);
    }

    private async Task LogInAsync(HttpContext context)
    {
        if (!DashboardGuard.IsFromHere(context.Request))
            await LogInPageAsync(context, "Wanted the token from this page, got it from another; enter it here.", StatusCodes.Status403Forbidden);
        else if (await FormAsync(context) is not { } form || !_guard.LogIn(context, form["token"].ToString()))
            await LogInPageAsync(context, "Wanted the cluster's token, got another.", StatusCodes.Status401Unauthorized);
        else
            DashboardResponse.SeeOther(context, At(DashboardRoutes.Jobs));
    }

    /// <summary>Shows a page to those with a session; others are sent to log in.</summary>
    private async Task SeeAsync(HttpContext context, Func<HttpContext, DashboardSession, Task> page)
    {
        if (_guard.SessionOf(context) is not { } session)
        {
            DashboardResponse.Close(context);
            DashboardResponse.SeeOther(context, DashboardRoutes.Root);
        }
        else if (GuardedListening.SeatOf(context)?.Prove() == false)
        {
            throw new ProblemException(StatusCodes.Status503ServiceUnavailable, "wanted fewer connections of those that may ask, got as many as there can be; close some.");
        }
        else
        {
            await page(context, session);
        }
    }

    /// <summary>Does what a form asks for, if it is one of these pages' own, then shows a page.</summary>
    private Task ActAsync(HttpContext context, Func<HttpContext, DashboardSession, IFormCollection, Task> act) => SeeAsync(context, async (_, session) =>
    {
        if (!DashboardGuard.IsFromHere(context.Request) || await FormAsync(context) is not { } form || !DashboardGuard.HasFormKey(session, form))
            throw new ProblemException(StatusCodes.Status403Forbidden, "wanted a form of this dashboard, got another; load its page again.");
        await act(context, session, form);
    });

    private async Task SubmitAsync(HttpContext context, DashboardSession session, IFormCollection form)
    {
        GivenJob given = GivenJob.Of(form);
        try
        {
            if (!_pages.MaySubmit) throw new ProblemException(StatusCodes.Status409Conflict, "wanted no further job: this process trains one; `cluster up` takes jobs.");
            await _requests.SubmitAsync(given.ToSubmission());
            await Go(context, At(DashboardRoutes.Job, given.Name));
        }
        catch (ProblemException refused)
        {
            await _pages.JobsAsync(context, session, given, refused);
        }
    }

    private Task CancelAsync(HttpContext context, DashboardSession session, IFormCollection form) =>
        WishAsync(context, session, job => _requests.CancelAsync(JobRequests.Name(job)));

    private Task ResumeAsync(HttpContext context, DashboardSession session, IFormCollection form) =>
        WishAsync(context, session, job => _requests.ResumeAsync(JobRequests.Name(job)));

    private async Task WishAsync(HttpContext context, DashboardSession session, Func<string, Task> wish)
    {
        string job = (string)context.Request.RouteValues["job"]!;
        try
        {
            await wish(job);
            await Go(context, At(DashboardRoutes.Job, job));
        }
        catch (ProblemException refused)
        {
            await _pages.JobAsync(context, session, refused);
        }
    }

    private Task LogOut(HttpContext context, DashboardSession session, IFormCollection form)
    {
        _guard.LogOut(context);
        return Go(context, DashboardRoutes.Root);
    }

    private static async Task<IFormCollection?> FormAsync(HttpContext context)
    {
        try
        {
            return context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
        }
        catch (InvalidDataException bad)
        {
            throw new ProblemException(StatusCodes.Status400BadRequest, $"form: wanted the fields of a page of this dashboard, got others: {bad.Message.TrimEnd('.')}.");
        }
    }
}
