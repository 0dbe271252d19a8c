using System.Net.Sockets;
using Cluster.Coordinator.Checkpoints;
using Cluster.Ml.Data;
using Microsoft.Data.Sqlite;

namespace Cluster.Coordinator.Cli;

/// <summary>An operation that the system refused, as a sentence: place, wanted, got, do this.</summary>
internal static class FailureText
{
    private const string Listening = "The address (--http or --listen): wanted one to listen on";

    /// <summary>For a file, a database or an address; otherwise the system's message.</summary>
    /// <param name="error">What was thrown.</param>
    public static string Of(Exception error) => error switch
    {
        _ when error.Message.Contains(": wanted ", StringComparison.Ordinal) => error.Message,      // one of ours
        IOException when AddressOf(error) is { } address => $"{address}: wanted an address to listen on, got one in use; end what listens there, or name another.",
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => $"{Listening}, got one in use; end what listens there, or name another.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => $"{Listening}, got one that this machine does not have; name one of its own.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => $"{Listening}, got one that only its administrator may use; name a port of 1024 or more.",
        SqliteException database => $"The database: wanted to use it, got {StorageException.OfDatabase(database)}; mend that, then go on with --resume.",
        IOException or UnauthorizedAccessException when FileError.Of(error) is { } file => file.ToString(),
        _ => error.Message,
    };

    /// <summary>The address that could not be listened on, as it is in use.</summary>
    private static string? AddressOf(Exception error)
    {
        bool isInUse = error is { InnerException: { } inner } && (inner is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            || inner.InnerException is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse });
        return isInUse && error.Message.Split(' ').FirstOrDefault(word => word.StartsWith("http", StringComparison.Ordinal)) is { } address ? address.TrimEnd(':', '.') : null;
    }
}
