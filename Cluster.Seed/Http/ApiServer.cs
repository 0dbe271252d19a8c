using System.Text.Json;
using Cluster.Messages.Api;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Cluster.Seed.Http;

/// <summary>
/// The HTTP API of a seed: the cluster and its jobs in JSON, described by an OpenAPI document, beside the health endpoints.
/// Every request is bounded in size and in time; every refusal is a problem in JSON.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    private const long BodyBytesMax = 512 * 1024;      // a job file of 64 KiB, every character escaped
    private const int ConnectionsMax = 256;
    private static readonly TimeSpan HeadersDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(2);
    private readonly WebApplication _application;
    private readonly CancellationTokenSource _stopping;

    private ApiServer(WebApplication application, CancellationTokenSource stopping, NodeAddress address)
    {
        _application = application;
        _stopping = stopping;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public NodeAddress Address { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="node">The seed.</param>
    /// <param name="options">Where, and for whom.</param>
    /// <param name="health">How the seed is.</param>
    /// <exception cref="BadNodeOptionsException">The token cannot be read.</exception>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<ApiServer> StartAsync(ClusterNode node, HttpOptions options, NodeHealth health)
    {
        ArgumentNullException.ThrowIfNull(options);
        AccessRule access = new(options.ReadToken());
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            kestrel.Limits.RequestHeadersTimeout = HeadersDeadline;
            kestrel.Listen(options.IPAddress!, options.Address.Port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.ApplyTo(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        builder.Services.AddOpenApi("v1", ApiDescription.Configure);
        WebApplication application = builder.Build();
        CancellationTokenSource stopping = new();
        application.Use((context, next) => GuardAsync(context, access, next));
        application.UseRouting();
        HealthServer.Map(application, health);
        application.MapOpenApi(ApiRoutes.Description.Replace("v1", "{documentName}", StringComparison.Ordinal));
        ApiEndpoints.Map(application, new ClusterGate(node), stopping.Token);
        await application.StartAsync();
        return new ApiServer(application, stopping, new NodeAddress(options.Address.Host, new Uri(application.Urls.First()).Port));
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

    /// <summary>Refuses strangers, and turns what goes wrong below into problems.</summary>
    private static async Task GuardAsync(HttpContext context, AccessRule access, RequestDelegate next)
    {
        bool isHealth = context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal);
        if (!isHealth && access.Refusal(context.Request) is var (status, reason))
        {
            if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
            await Problems.WriteAsync(context, status, reason);
            return;
        }
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
            await Problems.WriteAsync(context, bad.StatusCode, bad.InnerException is JsonException json ? $"{bad.Message} {json.Message}" : bad.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone away.
        }
    }
}
