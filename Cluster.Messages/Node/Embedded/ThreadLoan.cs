namespace Cluster.Messages.Node;

/// <summary>Lends a computing thread to the actors of its process.</summary>
internal static class ThreadLoan
{
    /// <summary>Tells something, and lets actors handle it on this thread until that is wanted for something else.</summary>
    public static void Run(Action tell, Func<bool> isWanted) => LentThread.Run(tell, isWanted);
}
