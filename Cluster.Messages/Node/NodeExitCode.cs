using System.Net.Sockets;

namespace Cluster.Messages.Node;

/// <summary>What a program of one node ends with: the numbers of the `cluster` command.</summary>
public static class NodeExitCode
{
    /// <summary>It was told to end, and left the cluster.</summary>
    public const int Success = 0;

    /// <summary>A setting was wrong.</summary>
    public const int Usage = 2;

    /// <summary>The journal, or another file, could not be opened.</summary>
    public const int BadInput = 3;

    /// <summary>The cluster could not be reached, or has ended, or an address could not be listened on.</summary>
    public const int Unreachable = 4;

    /// <summary>What a node that could not start or join ends with; null if the error is the program's own.</summary>
    public static int? Of(Exception error) => error switch
    {
        BadNodeOptionsException => Usage,
        JournalUnavailableException or UnauthorizedAccessException or FileNotFoundException => BadInput,
        TimeoutException or SocketException or IOException or InvalidOperationException => Unreachable,
        _ => null,
    };
}
