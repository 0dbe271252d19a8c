using Cluster.Messages.Node.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Cluster.Messages.Node.Health;

/// <summary>Answers GET /health/live and GET /health/ready: 200 if all is well, 503 otherwise, with a report in JSON either way.</summary>
public sealed class HealthServer : IAsyncDisposable
{
    private const int BodyBytesMax = 1024;
    private static readonly SeatLimits Seats = new(64, 64, 16);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(2);
    private readonly WebApplication _application;

    private HealthServer(WebApplication application) => _application = application;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<HealthServer> StartAsync(NodeAddress address, NodeHealth health)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ConnectionSeats seats = new(Seats);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Bound(BodyBytesMax);
            kestrel.ConfigureEndpointDefaults(listen => listen.Seat(seats));
        });
        builder.Services.AddRoutingCore();
        WebApplication application = builder.Build();
        application.Urls.Add($"http://{address}");
        application.Use(AnswerSeatedAsync);
        application.UseRouting();
        Map(application, health);
        await application.StartAsync();
        return new HealthServer(application);
    }

    /// <summary>Adds the two endpoints to a server of the node's own.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, NodeHealth health)
    {
        ArgumentNullException.ThrowIfNull(health);
        endpoints.MapGet("/health/live", context => AnswerAsync(context, health.LiveAsync())).ExcludeFromDescription();
        endpoints.MapGet("/health/ready", context => AnswerAsync(context, health.ReadyAsync())).ExcludeFromDescription();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource late = new(StopDeadline);
        await _application.StopAsync(late.Token);
        await _application.DisposeAsync();
    }

    /// <summary>While it is answered, a request's connection is not closed in favour of another.</summary>
    private static async Task AnswerSeatedAsync(HttpContext context, RequestDelegate next)
    {
        Seat? seat = GuardedListening.SeatOf(context);
        seat?.BeginAnswer();
        try
        {
            await next(context);
        }
        finally
        {
            seat?.EndAnswer();
        }
    }

    private static async Task AnswerAsync(HttpContext context, Task<HealthReport> asked)
    {
        HealthReport report = await asked;
        context.Response.StatusCode = report.Healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsJsonAsync(report, HealthJson.Default.HealthReport);
    }
}
