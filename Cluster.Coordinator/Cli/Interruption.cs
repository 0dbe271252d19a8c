using System.Runtime.InteropServices;

namespace Cluster.Coordinator.Cli;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks the job to write a checkpoint and end, the second ends the process at once, and so does
/// time, sooner after SIGTERM (the newest checkpoint on disk stays good).
/// </summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>Whoever sends SIGTERM kills soon after; a person may press Ctrl-C once more.</summary>
    private static readonly TimeSpan TerminateDeadline = TimeSpan.FromSeconds(4), InterruptDeadline = TimeSpan.FromSeconds(35);

    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenSource _requested = new();
    private readonly Terminal? _terminal;
    private readonly CancellationTokenRegistration _asked;
    private ITimer? _late;

    public Interruption(Terminal terminal)
    {
        _terminal = terminal;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    /// <summary>An interruption that a program asks for, in place of signals.</summary>
    public Interruption(CancellationToken asked)
    {
        _registrations = [];
        _asked = asked.Register(_requested.Cancel);
    }

    public bool IsRequested => _requested.IsCancellationRequested;

    /// <summary>Runs once, on the first signal (at once if it has come already).</summary>
    public IDisposable Register(Action onInterrupt) => _requested.Token.Register(onInterrupt);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _asked.Dispose();
        _late?.Dispose();
        _requested.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_requested.IsCancellationRequested) End("ended at once");
        TimeSpan deadline = context.Signal == PosixSignal.SIGTERM ? TerminateDeadline : InterruptDeadline;
        _late = TimeProvider.System.CreateTimer(
            _ => End($"no checkpoint could be written within {deadline.TotalSeconds:F0} s"), null, deadline, Timeout.InfiniteTimeSpan);
        _terminal?.Say("interrupted: writing a checkpoint (once more to end at once)");
        _requested.Cancel();
    }

    private void End(string why)
    {
        _terminal?.Restore();
        _terminal?.Say($"{why}; --resume goes on from the newest checkpoint on disk.");
        ProcessEnd.Now(ExitCode.Interrupted);
    }
}
