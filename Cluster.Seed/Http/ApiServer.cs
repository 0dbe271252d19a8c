using System.Security.Cryptography.X509Certificates;
using Cluster.Messages.Api;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Health;
using Cluster.Messages.Node.Http;
using Cluster.Seed.Dashboard;
using Cluster.Seed.Dashboard.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Cluster.Seed.Http;

/// <summary>
/// The HTTP API of a seed: the cluster and its jobs in JSON, described by an OpenAPI document, beside the dashboard and the health endpoints.
/// Every request is bounded in size and in time; every refusal is a problem in JSON.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    private const long BodyBytesMax = 512 * 1024;      // a job file of 64 KiB, every character escaped
    private static readonly SeatLimits Seats = new(Seats: 256, Strangers: 64, StrangersOfAddress: 32);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(2);
    private readonly WebApplication _application;
    private readonly CancellationTokenSource _stopping;

    private ApiServer(WebApplication application, CancellationTokenSource stopping, HttpOptions options)
    {
        _application = application;
        _stopping = stopping;
        Address = new NodeAddress(options.Address.Host, new Uri(application.Urls.First()).Port);
        Dashboard = new Uri($"{(options.IsTls ? "https" : "http")}://{Address}{DashboardRoutes.Root}");
    }

    /// <summary>Where it listens.</summary>
    public NodeAddress Address { get; }

    /// <summary>Where people look at it.</summary>
    public Uri Dashboard { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="node">The seed.</param>
    /// <param name="options">Address, token and limits.</param>
    /// <param name="health">How the seed is.</param>
    /// <param name="dashboard">What the dashboard is told; null for what a seed knows by itself.</param>
    /// <exception cref="BadNodeOptionsException">The token cannot be read.</exception>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<ApiServer> StartAsync(ClusterNode node, HttpOptions options, NodeHealth health, DashboardOptions? dashboard = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        byte[] token = options.ReadToken();
        AccessRule access = new(token, "cluster", "http-token-file");
        X509Certificate2Collection? certificates = options.ReadCertificates();
        ConnectionSeats seats = new(Seats);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Bound(BodyBytesMax);
            kestrel.Listen(options.IPAddress!, options.Address.Port, listen =>
            {
                listen.Seat(seats);
                if (certificates is not null) listen.Encrypt(certificates);
            });
        });
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.ApplyTo(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        builder.Services.AddOpenApi("v1", ApiDescription.Configure);
        WebApplication application = builder.Build();
        CancellationTokenSource stopping = new();
        application.Use((context, next) => SeatedAsync(context, access, next));
        application.UseRouting();
        HealthServer.Map(application, health);
        application.MapOpenApi(ApiRoutes.Description.Replace("v1", "{documentName}", StringComparison.Ordinal));
        MapAll(application, node, token, dashboard ?? new DashboardOptions(), stopping.Token);
        await application.StartAsync();
        return new ApiServer(application, stopping, options);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        using CancellationTokenSource late = new(StopDeadline);
        await _application.StopAsync(late.Token);
        await _application.DisposeAsync();
        _stopping.Dispose();
    }

    private static void MapAll(WebApplication application, ClusterNode node, byte[] token, DashboardOptions dashboard, CancellationToken stopping)
    {
        ClusterClient cluster = new(node);
        RunHistory history = new(TimeProvider.System);
        foreach ((JobId job, string text) in dashboard.Known) history.OnSubmitted(job, text);
        node.System.ActorOf(HistoryActor.CreateProps(history), HistoryActor.Name);
        JobRequests requests = new(cluster) { Submitted = history.OnSubmitted };
        ApiEndpoints.Map(application, cluster, requests, stopping);
        DashboardEndpoints.Map(application, new DashboardGuard(token, TimeProvider.System), new DashboardData(cluster, history, dashboard, TimeProvider.System), requests);
    }

    /// <summary>While a request is answered, its connection keeps its seat.</summary>
    private static async Task SeatedAsync(HttpContext context, AccessRule access, RequestDelegate next)
    {
        Seat? seat = GuardedListening.SeatOf(context);
        seat?.BeginAnswer();
        try
        {
            if (await AdmitAsync(context, access, seat)) await GuardAsync(context, next);
        }
        finally
        {
            seat?.EndAnswer();
        }
    }

    /// <summary>Refuses strangers, whose connections are closed with the answer.</summary>
    private static async Task<bool> AdmitAsync(HttpContext context, AccessRule access, Seat? seat)
    {
        PathString path = context.Request.Path;
        if (path.StartsWithSegments("/health", StringComparison.Ordinal)) return true;
        if (path.StartsWithSegments(DashboardRoutes.Root, StringComparison.Ordinal)) return true;      // it knows people by their cookies
        (int Status, string Reason)? refusal = access.Refusal(context.Request)
            ?? (seat?.Prove() == false ? (StatusCodes.Status503ServiceUnavailable, "wanted fewer connections of those that may ask, got as many as there can be; close some.") : null);
        if (refusal is not var (status, reason)) return true;
        if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        context.Response.Headers.Connection = "close";
        await Problems.WriteAsync(context, status, reason);
        return false;
    }

    /// <summary>Turns what goes wrong below into problems.</summary>
    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
                await Problems.WriteAsync(context, context.Response.StatusCode, $"{context.Request.Method} {context.Request.Path}: wanted a request that {ApiRoutes.Description} describes.");
        }
        catch (ProblemException problem) when (!context.Response.HasStarted)
        {
            await Problems.WriteAsync(context, problem.Status, problem.Message);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await Problems.WriteAsync(context, bad.StatusCode, BadRequestText.Of(bad));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone away.
        }
    }
}
