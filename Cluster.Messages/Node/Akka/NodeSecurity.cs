using System.Net;
using System.Net.Sockets;

namespace Cluster.Messages.Node;

/// <summary>Looks at a node's address before the engine does, and keeps strangers out where the engine would let them in.</summary>
internal static class NodeSecurity
{
    /// <summary>
    /// The engine's remoting knows no shared key. Its TLS asks whoever connects for no certificate, and trusts the machine's authorities
    /// in place of given ones: it cannot keep what <see cref="NodeOptions.AuthorityPath"/> promises, so it is not offered.
    /// </summary>
    /// <exception cref="BadNodeOptionsException">A key or certificates are given.</exception>
    public static void RequireNone(NodeOptions options)
    {
        (string Option, string? File)[] files =
        [
            (nameof(NodeOptions.SharedKeyPath), options.SharedKeyPath), (nameof(NodeOptions.CertificatePath), options.CertificatePath),
            (nameof(NodeOptions.CertificateKeyPath), options.CertificateKeyPath), (nameof(NodeOptions.AuthorityPath), options.AuthorityPath),
        ];
        ImmutableArray<string> errors =
        [
            .. files.Where(file => file.File is not null).Select(file =>
                $"{file.Option}: wanted none on Akka.NET, which cannot check both sides of a connection, got {file.File}; leave it out, or use the embedded engine"),
        ];
        if (!errors.IsEmpty) throw new BadNodeOptionsException(errors);
    }

    /// <exception cref="BadNodeOptionsException">Other machines could reach the node, and nothing would keep strangers out.</exception>
    /// <exception cref="IOException">The host is unknown or not this machine's, or the port is taken.</exception>
    public static void RequireOwnLoopback(NodeAddress address)
    {
        try
        {
            IPAddress ip = IPAddress.TryParse(address.Host, out IPAddress? known) ? known : Dns.GetHostAddresses(address.Host, AddressFamily.InterNetwork)[0];
            if (!IPAddress.IsLoopback(ip))
            {
                throw new BadNodeOptionsException(
                    [$"Address: wanted a loopback address on Akka.NET, which has no key to keep strangers out, got {address}; listen on 127.0.0.1, or use the embedded engine"]);
            }
            using TcpListener listener = new(ip, address.Port);
            listener.Start();
        }
        catch (SocketException error)
        {
            throw new IOException($"Address: wanted one to listen at, got {address}: {error.Message}", error);
        }
    }
}
