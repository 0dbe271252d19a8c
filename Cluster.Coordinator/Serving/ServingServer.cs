using System.Text.Json;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Http;
using Cluster.Ml.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Cluster.Coordinator.Serving;

/// <summary>Answers requests for predictions over HTTP. Every request is bounded in size and in time; every refusal is a problem in JSON.</summary>
internal sealed class ServingServer : IAsyncDisposable
{
    /// <summary>How the JSON library marks what it throws of an escape that is half of a character: such a text is JSON by its grammar, and only reading it fails.</summary>
    private const string HalfCharacter = "System.Text.Json.Rethrowable";

    private static readonly SeatLimits s_open = new(Seats: 256, Strangers: 256, StrangersOfAddress: 256);
    private static readonly SeatLimits s_guarded = new(Seats: 256, Strangers: 64, StrangersOfAddress: 32);
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);
    private readonly WebApplication _application;
    private readonly ServingOptions _options;
    private readonly ServingMetrics _metrics;
    private readonly AccessRule? _access;
    private readonly Action<string> _warn;
    private readonly ITimer? _watch;

    private ServingServer(IReadOnlyList<ModelSource> sources, ServingOptions options, Action<string> warn)
    {
        (_options, _warn) = (options, warn);
        _access = options.Token.Length > 0 ? new AccessRule(options.Token, "server", "--token-file") : null;
        _metrics = new ServingMetrics(() => Shelf!.WaitingRows());
        Shelf = new ModelShelf(sources, options, _metrics, warn);
        _application = Build();
        if (options.Watch > TimeSpan.Zero) _watch = options.Time.CreateTimer(_ => Reload(), null, options.Watch, options.Watch);
    }

    /// <summary>What is served.</summary>
    public ModelShelf Shelf { get; }

    /// <summary>Where it listens.</summary>
    public NodeAddress Address { get; private set; }

    /// <summary>Whether what is asked and answered is encrypted.</summary>
    public bool IsTls => _options.Certificates is not null;

    /// <summary>Starts to listen, and then reads the models: until they have predicted once, the server is not ready.</summary>
    /// <exception cref="BadInputException">A model cannot be read.</exception>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<ServingServer> StartAsync(IReadOnlyList<ModelSource> sources, ServingOptions options, Action<string> warn)
    {
        ServingServer server = new(sources, options, warn);
        try
        {
            await server._application.StartAsync();
            server.Address = new NodeAddress(options.Address.Host, new Uri(server._application.Urls.First()).Port);
            await Task.Run(server.Shelf.LoadAsync);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Looks at the model files again, on another thread.</summary>
    public void Reload() => _ = Task.Run(async () =>
    {
        try
        {
            if (Shelf.IsReady) await Shelf.ReloadAsync();
        }
        catch (ObjectDisposedException)
        {
            // The server has ended meanwhile.
        }
        catch (Exception failure)
        {
            _warn($"the models could not be read again: {LogText.Describe(failure)}");
        }
    });

    /// <summary>Takes no more requests, and ends when those in flight are answered.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_watch is not null) await _watch.DisposeAsync();
        Shelf.Hurry();
        using CancellationTokenSource late = new(_options.Deadline + s_grace, _options.Time);
        await _application.StopAsync(late.Token);
        await _application.DisposeAsync();
        await Shelf.DisposeAsync();
        _metrics.Dispose();
    }

    private WebApplication Build()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ConnectionSeats seats = new(_access is null ? s_open : s_guarded);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Bound(_options.BodyBytesMax);
            kestrel.Listen(_options.Address.Host == "localhost" ? System.Net.IPAddress.Loopback : System.Net.IPAddress.Parse(_options.Address.Host), _options.Address.Port, listen =>
            {
                listen.Seat(seats);
                if (_options.Certificates is { } certificates) listen.Encrypt(certificates);
            });
        });
        builder.Services.AddRoutingCore();
        WebApplication application = builder.Build();
        application.Use(SeatedAsync);
        application.UseOpenTelemetryPrometheusScrapingEndpoint(_metrics.Provider, null, "/metrics", null, null);
        application.UseRouting();
        new ServingEndpoints(Shelf, _options).Map(application);
        return application;
    }

    /// <summary>While a request is answered, its connection keeps its seat.</summary>
    private async Task SeatedAsync(HttpContext context, RequestDelegate next)
    {
        Seat? seat = GuardedListening.SeatOf(context);
        seat?.BeginAnswer();
        long began = _options.Time.GetTimestamp();
        try
        {
            if (await AdmitAsync(context, seat)) await BoundedAsync(context, next);
        }
        finally
        {
            seat?.EndAnswer();
            if (HttpMethods.IsPost(context.Request.Method))
                _metrics.OnRequest(context.Items[ServingEndpoints.ModelItem] as string, context.Response.StatusCode, _options.Time.GetElapsedTime(began));
        }
    }

    /// <summary>Refuses callers without the token; without one, what a web page of another host sent to this machine.</summary>
    private async Task<bool> AdmitAsync(HttpContext context, Seat? seat)
    {
        if (context.Request.Path.StartsWithSegments("/v2/health", StringComparison.Ordinal)) return true;
        (int Status, string Reason)? refusal = _access?.Refusal(context.Request) ?? ForeignHost(context)
            ?? (_access is not null && seat?.Prove() == false ? (StatusCodes.Status503ServiceUnavailable, "wanted fewer connections, got as many as there can be; close some.") : null);
        if (refusal is not var (status, reason)) return true;
        if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        context.Response.Headers.Connection = "close";
        await Problems.WriteAsync(context, status, reason);
        return false;
    }

    private (int Status, string Reason)? ForeignHost(HttpContext context) =>
        _access is not null || context.Request.Host.Host is "localhost" or "127.0.0.1" or "" || context.Request.Host.Host == _options.Address.Host ? null
        : (StatusCodes.Status421MisdirectedRequest, "Host: wanted localhost or 127.0.0.1 of a server without a token, got another.");

    /// <summary>Ends a request that takes too long, and turns what goes wrong below into problems.</summary>
    private async Task BoundedAsync(HttpContext context, RequestDelegate next)
    {
        CancellationToken gone = context.RequestAborted;
        using CancellationTokenSource late = new(_options.Deadline, _options.Time);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(gone, late.Token);
        context.RequestAborted = end.Token;
        (int Status, string Detail)? problem = null;
        try
        {
            await next(context);
            if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
                problem = (context.Response.StatusCode, $"{context.Request.Method} {VisibleText.InLine(context.Request.Path.Value ?? "")}: wanted a route of this server, such as POST /predict or GET /v2/models, got another.");
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            if (gone.IsCancellationRequested) return;
            problem = ProblemOf(failure, late.IsCancellationRequested);
        }
        context.RequestAborted = gone;
        if (problem is not var (status, detail)) return;
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "1";
        await Problems.WriteAsync(context, status, detail);
    }

    private (int Status, string Detail) ProblemOf(Exception failure, bool isLate)
    {
        switch (failure)
        {
            case ProblemException problem:
                return (problem.Status, problem.Message);
            case BadInputException bad:
                return (StatusCodes.Status422UnprocessableEntity, bad.Message);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return (StatusCodes.Status413PayloadTooLarge, $"body: wanted at most {_options.BodyBytesMax} bytes, got more; send the rows in several requests.");
            case BadHttpRequestException refused:
                return (refused.StatusCode, "body: wanted a whole request in time, got a part of one.");
            case JsonException json:
                return (StatusCodes.Status400BadRequest, $"body: wanted JSON, got something else at line {(json.LineNumber ?? 0) + 1}, byte {(json.BytePositionInLine ?? 0) + 1}.");
            case InvalidOperationException { Source: HalfCharacter }:
                return (StatusCodes.Status400BadRequest, "body: wanted texts of whole characters, got \\ud800 to \\udfff without its other half.");
            case OperationCanceledException when isLate:
                return (StatusCodes.Status503ServiceUnavailable, $"wanted an answer within {_options.Deadline.TotalSeconds} s, got none; ask again later, with fewer rows.");
            default:
                _warn($"a request failed: {LogText.Describe(failure)}");
                return (StatusCodes.Status500InternalServerError, "the server is at fault; its log says more.");
        }
    }
}
