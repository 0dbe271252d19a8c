using System.Net;
using System.Security.Cryptography;
using Cluster.Messages.Node;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Cli.Remote;

/// <summary>
/// Tokens of the clusters that this user runs on this machine: `up` makes one and keeps it in its folder of runs and, under the cluster's
/// address, in the user's state folder, which `submit` and similar verbs read. Both are closed to other users, who therefore cannot
/// ask the cluster for anything.
/// </summary>
internal static class KnownTokens
{
    /// <summary>The token's name in a folder of runs.</summary>
    public const string FileName = "token";

    private const int RandomBytes = 24, BytesMax = 4096;

    /// <summary>The file of the token of the cluster whose folder of runs this is; made if there is none.</summary>
    /// <exception cref="CommandFailedException">What is there is not this user's, or others may read it.</exception>
    public static string In(string runs)
    {
        string path = Path.Combine(runs, FileName);
        if (FileStatus.Of(path).Kind == FileKind.None)
        {
            using FileStream file = PrivateFiles.Create(path);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes)) + "\n"));
        }
        return IsClosed(path) ? path : throw new CommandFailedException(
            ExitCode.Usage, $"{path}: wanted a token file of this user that nobody else may read (mode 0600), got another; remove it, and a new one is made.");
    }

    /// <summary>Stores the token for this user's other programs. Without a home folder nothing is stored, and they need --token-file.</summary>
    /// <returns>What forgets it.</returns>
    public static IDisposable Keep(NodeAddress address, string tokenFile)
    {
        if (PathOf(address) is not { } path) return new Kept(null);
        try
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
            File.Delete(path);
            using FileStream file = PrivateFiles.Create(path);
            file.Write(RegularFile.ReadAllBytes(tokenFile));
            return new Kept(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Kept(null);
        }
    }

    /// <summary>The file of the token of the cluster at this address, if this user runs one there.</summary>
    public static string? Find(NodeAddress address) => PathOf(address) is { } path && IsClosed(path) && new FileInfo(path).Length <= BytesMax ? path : null;

    private static bool IsClosed(string path) =>
        FileStatus.Of(path) is { Kind: FileKind.Regular } status && status.Owner == FileStatus.CurrentUser && (status.Mode & PrivateFiles.Others) == 0;

    private static string? PathOf(NodeAddress address)
    {
        string state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } named && Path.IsPathFullyQualified(named) ? named
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".local", "state") : "";
        return state.Length == 0 ? null : Path.Combine(state, "cluster", "tokens", $"{HostOf(address)}_{address.Port}");
    }

    /// <summary>A cluster that listens on every address is asked through this machine's own.</summary>
    private static string HostOf(NodeAddress address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host, out IPAddress? ip) && (ip.Equals(IPAddress.Any) || IPAddress.IsLoopback(ip))) ? "127.0.0.1"
        : string.Concat(address.Host.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));

    private sealed class Kept(string? path) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                if (path is not null) File.Delete(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The next cluster at this address replaces it.
            }
        }
    }
}
