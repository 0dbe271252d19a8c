using System.Diagnostics;
using Akka.Dispatch;

namespace Cluster.Messages.Node;

/// <summary>Lends a computing thread to the actors of its process: what is told on it is handled on it, one mailbox after another, without waking another.</summary>
/// <remarks>
/// For a thread that has computed something that an actor waits for, and will be given more to compute by what comes of it: the numbers stay in
/// the caches of one core. Actors of a dispatcher with <see cref="LendingExecutor"/> alone are handled so.
/// </remarks>
internal static class ThreadLoan
{
    // What waits may begin another thread's work, which comes before this one's: it is over sooner than a thread of the pool would be awake.
    private static readonly TimeSpan Patience = TimeSpan.FromMicroseconds(100);

    [ThreadStatic]
    private static Queue<IRunnable>? s_mailboxes;

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
        Queue<IRunnable> mailboxes = s_mailboxes ??= new();
        s_isLent = true;
        try
        {
            tell();
            long? wanted = null;
            while (mailboxes.Count > 0)
            {
                if (wanted is { } since && Stopwatch.GetElapsedTime(since) > Patience) break;
                mailboxes.Dequeue().Run();
                if (wanted is null && isWanted()) wanted = Stopwatch.GetTimestamp();
            }
        }
        finally
        {
            s_isLent = false;
            while (mailboxes.TryDequeue(out IRunnable? mailbox)) ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: false);
        }
    }

    /// <summary>Takes a mailbox if this thread is lent.</summary>
    public static bool Takes(IRunnable mailbox)
    {
        if (!s_isLent) return false;
        s_mailboxes!.Enqueue(mailbox);
        return true;
    }
}
