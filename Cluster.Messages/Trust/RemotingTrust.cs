using System.Net;
using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Transport.DotNetty;

namespace Cluster.Messages.Trust;

/// <summary>Mutual TLS of the engine's remoting by a node's trust: the same check as that of the data plane.</summary>
/// <remarks>
/// Outbound  the certificate names the host that was connected to
/// Inbound   the certificate names the address that the connection comes from, or a host that has this address: who the peer is it says only later
/// </remarks>
internal static class RemotingTrust
{
    /// <summary>What the engine is given.</summary>
    public static DotNettySslSetup Of(NodeTrust trust) => new(
        trust.Certificate, suppressValidation: false, requireMutualAuthentication: true,
        (certificate, chain, peer, _, log) =>
        {
            string? error = FindError(trust, certificate, chain, peer);
            if (error is not null) log.Warning("M5002 {0}: refused: {1}.", peer, error);
            return error is null;
        });

    private static string? FindError(NodeTrust trust, X509Certificate2? shown, X509Chain? chain, string? peer)
    {
        X509Certificate2Collection? sent = chain?.ChainPolicy.ExtraStore;
        if (trust.FindError(shown, sent) is { } error) return error;
        string host = HostOf(peer);
        if (trust.FindError(shown, sent, host) is not { } misnamed) return null;
        return IPAddress.TryParse(host, out IPAddress? address) && HasAddress(shown!, address) ? null : misnamed;
    }

    // An end point, an address of the engine's, or a bare host.
    private static string HostOf(string? peer)
    {
        if (IPEndPoint.TryParse(peer ?? "", out IPEndPoint? point))
            return (point.Address.IsIPv4MappedToIPv6 ? point.Address.MapToIPv4() : point.Address).ToString();
        string text = peer ?? "";
        text = text[(text.IndexOf('@', StringComparison.Ordinal) + 1)..];
        int colon = text.LastIndexOf(':');
        return colon > 0 ? text[..colon] : text;
    }

    private static bool HasAddress(X509Certificate2 certificate, IPAddress address) => certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
        .SelectMany(names => names.EnumerateDnsNames()).Any(name => Resolve(name).Contains(address));

    private static IPAddress[] Resolve(string name)
    {
        try
        {
            return Dns.GetHostAddresses(name);
        }
        catch (Exception failure) when (failure is System.Net.Sockets.SocketException or ArgumentException)
        {
            return [];
        }
    }
}
