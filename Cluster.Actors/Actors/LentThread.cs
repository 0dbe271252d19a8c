using System.Diagnostics;

namespace Cluster.Actors;

/// <summary>A thread that is lent to actors: what is told on it is handled on it, one mailbox after another, without waking another.</summary>
/// <remarks>
/// For whoever has computed something that an actor waits for, and will be given more to compute by what comes of it: the numbers stay in
/// the caches of one core, and no thread has to be waked in between. Part of the embedded engine alone; Akka.NET has no such thing.
/// </remarks>
public static class LentThread
{
    // What waits may begin another thread's work, which comes before this one's: it is over sooner than a thread of the pool would be awake.
    private static readonly TimeSpan Patience = TimeSpan.FromMicroseconds(100);

    [ThreadStatic]
    private static Queue<IThreadPoolWorkItem>? s_mailboxes;

    [ThreadStatic]
    private static bool s_isLent;

    /// <summary>
    /// Tells something, and handles here what comes of it, until nothing is left, or until the thread has been wanted for something else for
    /// 100 µs; the rest goes to the pool of the process. On a thread that is lent already it only tells.
    /// </summary>
    /// <param name="tell">Tells; must not compute for long, since what it has told waits until it returns.</param>
    /// <param name="isWanted">Whether the thread has something else to do; asked after each mailbox.</param>
    public static void Run(Action tell, Func<bool> isWanted)
    {
        if (s_isLent)
        {
            tell();
            return;
        }
        Queue<IThreadPoolWorkItem> mailboxes = s_mailboxes ??= new();
        s_isLent = true;
        try
        {
            tell();
            long? wanted = null;
            while (mailboxes.Count > 0)
            {
                if (wanted is { } since && Stopwatch.GetElapsedTime(since) > Patience) break;
                mailboxes.Dequeue().Execute();
                if (wanted is null && isWanted()) wanted = Stopwatch.GetTimestamp();
            }
        }
        finally
        {
            s_isLent = false;
            while (mailboxes.TryDequeue(out IThreadPoolWorkItem? mailbox)) ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: false);
        }
    }

    /// <summary>Takes a mailbox if this thread is lent.</summary>
    internal static bool Takes(IThreadPoolWorkItem mailbox)
    {
        if (!s_isLent) return false;
        s_mailboxes!.Enqueue(mailbox);
        return true;
    }
}
