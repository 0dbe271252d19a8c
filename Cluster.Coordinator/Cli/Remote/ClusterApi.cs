using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cluster.Messages;
using Cluster.Messages.Api;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Export;

namespace Cluster.Coordinator.Cli.Remote;

/// <summary>The HTTP API of a running cluster. Every request has a deadline; every failure becomes an exit code and a sentence.</summary>
internal sealed class ClusterApi : IDisposable
{
    /// <summary>What an address begins with whose API is reached through TLS.</summary>
    public const string TlsScheme = "https://";

    private const long AnswerBytesMax = 16 * 1024 * 1024;
    private readonly HttpClient _client;
    private readonly string _address;
    private readonly TimeSpan _deadline;

    /// <param name="address">HOST:PORT, or https://HOST:PORT.</param>
    /// <param name="token">What the cluster wants to see; null for nothing.</param>
    /// <param name="deadline">How long an answer may take.</param>
    /// <param name="authorities">Who may have signed the API's certificate; null for those that this machine trusts.</param>
    public ClusterApi(string address, string? token, TimeSpan deadline, X509Certificate2Collection? authorities = null)
    {
        _address = address;
        _deadline = deadline;
        SocketsHttpHandler handler = new() { ConnectTimeout = deadline, UseProxy = false, AllowAutoRedirect = false };
        if (authorities is not null) handler.SslOptions.CertificateChainPolicy = Trusting(authorities);
        _client = new HttpClient(handler)
        {
            BaseAddress = new Uri(address.StartsWith(TlsScheme, StringComparison.Ordinal) ? address : $"http://{address}"),
            Timeout = Timeout.InfiniteTimeSpan,      // each request has its own
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
        if (token is not null) _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<ClusterView> LookAsync() => SendAsync(HttpMethod.Get, ApiRoutes.Cluster, null, ApiJson.Default.ClusterView);

    public Task<JobList> JobsAsync() => SendAsync(HttpMethod.Get, ApiRoutes.Jobs, null, ApiJson.Default.JobList);

    public Task<JobDescribed> DescribeAsync(JobId job) => SendAsync(HttpMethod.Get, ApiRoutes.Of(ApiRoutes.Job, job), null, ApiJson.Default.JobDescribed);

    public Task<JobAccepted> SubmitAsync(JobSubmission submission) => SendAsync(
        HttpMethod.Post, ApiRoutes.Jobs, JsonContent.Create(submission, ApiJson.Default.JobSubmission), ApiJson.Default.JobAccepted);

    public Task<JobCancelling> CancelAsync(JobId job) => SendAsync(HttpMethod.Post, ApiRoutes.Of(ApiRoutes.Cancel, job), null, ApiJson.Default.JobCancelling);

    public Task<JobAccepted> ResumeAsync(JobId job) => SendAsync(HttpMethod.Post, ApiRoutes.Of(ApiRoutes.Resume, job), null, ApiJson.Default.JobAccepted);

    /// <summary>What is heard of a job, up to <see cref="JobFinished"/>.</summary>
    /// <param name="job">The job.</param>
    /// <param name="silence">How long the cluster may say nothing at all.</param>
    public async IAsyncEnumerable<object> WatchAsync(JobId job, TimeSpan silence)
    {
        using CancellationTokenSource late = new(_deadline);
        using HttpResponseMessage answer = await GuardAsync(() => SendAsync(HttpMethod.Get, ApiRoutes.Of(ApiRoutes.Events, job), null, late.Token));
        using Stream stream = await GuardAsync(() => answer.Content.ReadAsStreamAsync(late.Token));
        IAsyncEnumerator<SseItem<string>> events = SseParser.Create(stream).EnumerateAsync(late.Token).GetAsyncEnumerator(late.Token);
        await using ConfiguredAsyncDisposable disposal = events.ConfigureAwait(false);
        while (true)
        {
            late.CancelAfter(silence);
            if (!await GuardAsync(() => events.MoveNextAsync().AsTask())) yield break;
            if (Read(events.Current) is { } heard) yield return heard;
        }
    }

    /// <summary>Writes the model file of a finished job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="path">Where to.</param>
    /// <param name="silence">How long the cluster may send nothing at all.</param>
    public async Task DownloadAsync(JobId job, string path, TimeSpan silence)
    {
        using CancellationTokenSource late = new(_deadline);
        using HttpResponseMessage answer = await GuardAsync(() => SendAsync(HttpMethod.Get, ApiRoutes.Of(ApiRoutes.Model, job), null, late.Token));
        using Stream stream = await GuardAsync(() => answer.Content.ReadAsStreamAsync(late.Token));
        byte[] buffer = new byte[128 * 1024];
        using AtomicFile file = AtomicFile.Begin(path);
        while (true)
        {
            late.CancelAfter(silence);
            int read = await GuardAsync(() => stream.ReadAsync(buffer, late.Token).AsTask());
            if (read == 0) break;
            await file.Content.WriteAsync(buffer.AsMemory(0, read));
        }
        file.Commit();
    }

    public void Dispose() => _client.Dispose();

    private static X509ChainPolicy Trusting(X509Certificate2Collection authorities)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private object? Read(SseItem<string> item)
    {
        try
        {
            return item.EventType switch
            {
                ApiEvents.Line => JsonSerializer.Deserialize(item.Data, ApiJson.Default.JobLine),
                ApiEvents.Steps => JsonSerializer.Deserialize(item.Data, ApiJson.Default.StepsProgressed),
                ApiEvents.Epoch => JsonSerializer.Deserialize(item.Data, ApiJson.Default.EpochProgressed),
                ApiEvents.Task => JsonSerializer.Deserialize(item.Data, ApiJson.Default.TaskProgressed),
                ApiEvents.Finished => JsonSerializer.Deserialize(item.Data, ApiJson.Default.JobFinished),
                _ => null,
            };
        }
        catch (JsonException other)
        {
            throw Stranger(other.Message);
        }
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string route, HttpContent? body, JsonTypeInfo<T> type)
    {
        using CancellationTokenSource late = new(_deadline);
        return await GuardAsync(async () =>
        {
            using HttpResponseMessage answer = await SendAsync(method, route, body, late.Token);
            return await answer.Content.ReadFromJsonAsync(type, late.Token) ?? throw new JsonException("null");
        });
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string route, HttpContent? body, CancellationToken late)
    {
        using HttpRequestMessage request = new(method, route) { Content = body };
        HttpResponseMessage answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late);
        if (answer.IsSuccessStatusCode) return answer;
        using (answer)
        {
            string detail = answer.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json"
                ? (await answer.Content.ReadFromJsonAsync(ApiJson.Default.Problem, late))!.Detail
                : throw Stranger($"status {(int)answer.StatusCode}");
            throw new CommandFailedException(CodeOf(answer.StatusCode), detail);
        }
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (OperationCanceledException)
        {
            throw new CommandFailedException(ExitCode.Unreachable,
                $"{_address}: wanted an answer of the cluster in time, got none; --deadline gives it longer, `cluster up` starts one on this machine.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new CommandFailedException(ExitCode.Unreachable,
                $"{_address}: wanted the HTTP API of a cluster, got: {error.InnerException?.Message ?? error.Message}; `cluster up` starts one on this machine.");
        }
        catch (JsonException other)
        {
            throw Stranger(other.Message);
        }
    }

    private CommandFailedException Stranger(string got) => new(
        ExitCode.Unreachable, $"{_address}: wanted the HTTP API of a cluster of this version, got another answer: {got}");

    private static int CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests => ExitCode.Unreachable,
        >= HttpStatusCode.InternalServerError => ExitCode.Unreachable,
        _ => ExitCode.BadInput,
    };
}
