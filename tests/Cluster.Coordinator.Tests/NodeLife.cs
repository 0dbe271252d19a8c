using Akka.Actor.Setup;
using Akka.Dispatch;

namespace Cluster.Coordinator.Tests;

/// <summary>
/// The threads of one node of this process, so that it can die as a process does: from one moment on none of its actors runs, and so
/// nothing that they would have said reaches anybody. What they have given to a disk by then stays.
/// </summary>
internal sealed class NodeLife : Setup
{
    private readonly Lock _gate = new();
    private readonly Queue<IRunnable> _parked = [];
    private bool _isOver;

    /// <summary>SIGKILL: no message more.</summary>
    public void End()
    {
        lock (_gate) _isOver = true;
    }

    /// <summary>Keeps a mailbox of a node that is dead.</summary>
    /// <returns>Whether it is.</returns>
    public bool Parks(IRunnable mailbox)
    {
        lock (_gate)
        {
            if (_isOver) _parked.Enqueue(mailbox);
            return _isOver;
        }
    }

    /// <summary>Lets the actors run again, when nobody is left to hear them, so that they can be stopped.</summary>
    public void Exhume()
    {
        lock (_gate)
        {
            _isOver = false;
            while (_parked.TryDequeue(out IRunnable? mailbox)) ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: false);
        }
    }
}
