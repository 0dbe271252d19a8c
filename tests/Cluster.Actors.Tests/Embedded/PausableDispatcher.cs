using System.Collections.Concurrent;

namespace Cluster.Actors.Tests.Embedded;

/// <summary>The threads of a node that can be stopped for a while, as a debugger or SIGSTOP stops a process; its sockets stay open.</summary>
internal sealed class PausableDispatcher : ActorDispatcher
{
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _waiting = new();
    private bool _paused;

    /// <summary>From now on nothing runs but what is running already.</summary>
    public void Pause()
    {
        lock (_gate) _paused = true;
    }

    public void Resume()
    {
        lock (_gate) _paused = false;
        while (_waiting.TryDequeue(out IThreadPoolWorkItem? mailbox)) ThreadPool.Schedule(mailbox);
    }

    public override void Schedule(IThreadPoolWorkItem mailbox)
    {
        lock (_gate)
        {
            if (_paused)
            {
                _waiting.Enqueue(mailbox);
                return;
            }
        }

        ThreadPool.Schedule(mailbox);
    }
}
