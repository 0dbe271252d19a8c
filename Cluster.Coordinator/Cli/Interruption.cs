using System.Runtime.InteropServices;

namespace Cluster.Coordinator.Cli;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks the job to write a checkpoint and end, the second ends the process at once
/// (the newest checkpoint on disk stays good).
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenSource _requested = new();
    private readonly Terminal _terminal;

    public Interruption(Terminal terminal)
    {
        _terminal = terminal;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    public bool IsRequested => _requested.IsCancellationRequested;

    /// <summary>Runs once, on the first signal (at once if it has come already).</summary>
    public IDisposable Register(Action onInterrupt) => _requested.Token.Register(onInterrupt);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _requested.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_requested.IsCancellationRequested) return;    // the second signal does what it always does
        context.Cancel = true;
        _terminal.Say("interrupted: writing a checkpoint (once more to end at once)");
        _requested.Cancel();
    }
}
