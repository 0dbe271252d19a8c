namespace Cluster.Actors;

/// <summary>Runs mailboxes: one call of Execute for each call of Schedule, never two at once for one mailbox.</summary>
public abstract class ActorDispatcher
{
    /// <summary>The thread pool of the process.</summary>
    public static ActorDispatcher ThreadPool { get; } = new ThreadPoolDispatcher();

    /// <summary>Runs a mailbox on the thread of whoever sends; for test actors that only take note.</summary>
    public static ActorDispatcher CallingThread { get; } = new CallingThreadDispatcher();

    /// <summary>How many messages one run handles before others get their turn.</summary>
    public virtual int Throughput => 30;

    /// <summary>Whether tasks completed by actors continue on the completing thread, as a simulation needs.</summary>
    public virtual bool ContinuesInline => false;

    /// <summary>Is told of each message just before it is handled; null where nobody asks.</summary>
    public virtual IMessageTrace? Trace => null;

    public abstract void Schedule(IThreadPoolWorkItem mailbox);

    private sealed class ThreadPoolDispatcher : ActorDispatcher
    {
        public override void Schedule(IThreadPoolWorkItem mailbox)
        {
            if (!LentThread.Takes(mailbox)) System.Threading.ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: true);
        }
    }

    private sealed class CallingThreadDispatcher : ActorDispatcher
    {
        public override void Schedule(IThreadPoolWorkItem mailbox) => mailbox.Execute();
    }
}

/// <summary>Takes note of what is handled, in order.</summary>
public interface IMessageTrace
{
    void Delivered(ActorPath recipient, ActorPath? sender, object message);
}
