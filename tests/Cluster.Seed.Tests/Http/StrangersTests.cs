using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Cluster.Messages.Api;
using Cluster.Messages.Node;
using Cluster.Seed.Http;

namespace Cluster.Seed.Tests.Http;

/// <summary>Somebody opens connections and says nothing, or little: others are answered all the same.</summary>
public sealed class StrangersTests : IDisposable
{
    private const string Token = "a-token-of-some-length";
    private const int Sockets = 300, SocketsKept = 64;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-strangers-");
    private readonly List<Socket> _sockets = [];

    public void Dispose()
    {
        foreach (Socket socket in _sockets) socket.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("G")]                                                                   // the first letter of a request
    [InlineData("POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")]             // headers that never end
    public async Task Three_hundred_idle_connections_silence_nobody(string beginning)
    {
        await using TestSeed seed = await TestSeed.StartAsync(WithToken());
        await OpenAsync(seed.Http, beginning);
        await OpenAsync(seed.HealthAddress, beginning);

        (await StatusAsync(seed.Http, ApiRoutes.Cluster)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(seed.Http, "/health/ready")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(seed.HealthAddress, "/health/ready")).ShouldBe(HttpStatusCode.OK);
        await ClosedAsync(2 * (Sockets - SocketsKept));
    }

    [Fact]
    public async Task Whoever_shows_no_token_is_told_so_and_its_connection_closed()
    {
        await using TestSeed seed = await TestSeed.StartAsync(WithToken());
        using HttpClient client = new() { Timeout = Deadline };

        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://{seed.Http}{ApiRoutes.Jobs}"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.ConnectionClose.ShouldBe(true);
    }

    private HttpOptions WithToken()
    {
        string file = Path.Combine(_folder.FullName, "token");
        File.WriteAllText(file, Token);
        return new HttpOptions { TokenPath = file };
    }

    private async Task OpenAsync(NodeAddress address, string beginning)
    {
        for (int i = 0; i < Sockets; i++)
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(socket);
            await socket.ConnectAsync(IPAddress.Parse(address.Host), address.Port);
            if (beginning.Length > 0) await SendAsync(socket, beginning);
        }
    }

    private static async Task SendAsync(Socket socket, string text)
    {
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        }
        catch (SocketException)
        {
            // Closed already, as it should be with so many.
        }
    }

    /// <summary>Waits until the server has closed so many of the sockets.</summary>
    private async Task ClosedAsync(int least)
    {
        using CancellationTokenSource late = new(Deadline);
        int closed = 0;
        TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (Socket socket in _sockets) _ = WatchAsync(socket);
        await enough.Task.WaitAsync(late.Token);

        async Task WatchAsync(Socket socket)
        {
            try
            {
                while (await socket.ReceiveAsync(new byte[64]) > 0)
                {
                }
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
            }
            if (Interlocked.Increment(ref closed) == least) enough.TrySetResult();
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(NodeAddress address, string path)
    {
        using HttpClient client = new() { Timeout = Deadline };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://{address}{path}"));
        return answer.StatusCode;
    }
}
