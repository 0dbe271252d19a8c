namespace Cluster.Messages.Node;

/// <summary>Lends a computing thread to the actors of its process: on this engine, whose dispatchers have threads of their own, it only tells.</summary>
internal static class ThreadLoan
{
    /// <summary>Tells something.</summary>
    public static void Run(Action tell, Func<bool> isWanted) => tell();
}
