using System.Net;
using System.Net.Sockets;

namespace Cluster.EndToEnd.Tests;

/// <summary>A node as a process that is started again whenever it has ended, as systemd, compose and Kubernetes do.</summary>
internal sealed class SupervisedNode : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5), Pause = TimeSpan.FromSeconds(1);
    private readonly string[] _arguments;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _supervised;
    private volatile ClusterProcess _process;
    private volatile string _said = "";

    private SupervisedNode(string[] arguments)
    {
        _arguments = arguments;
        _process = ClusterProcess.Start(arguments);
        _supervised = SuperviseAsync();
    }

    /// <summary>What its lives that have ended wrote.</summary>
    public string Said => _said;

    /// <summary>Starts it.</summary>
    public static SupervisedNode Start(string role, params string[] settings) => new(["node", role, .. settings]);

    /// <summary>SIGKILL to its present life.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>A port that nobody listens on now.</summary>
    public static string FreeAddress()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return listener.LocalEndpoint.ToString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (!_process.HasExited) await _process.KillAsync();
        await _supervised.WaitAsync(Deadline);
        _process.Dispose();
        _stopping.Dispose();
    }

    private async Task SuperviseAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            ClusterProcess.Finished ended = await _process.FinishAsync();
            _said += $"{ended.Messages}(ended with {ended.ExitCode})\n";
            if (_stopping.IsCancellationRequested) return;
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            if (_stopping.IsCancellationRequested) return;
            _process.Dispose();
            _process = ClusterProcess.Start(_arguments);
        }
    }
}
