using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cluster.Messages.Trust;

/// <summary>
/// Whom a node believes to belong to its cluster, and what it shows to be believed itself: one check for everything that listens or connects.
/// Either a key that all nodes share, or certificates of one authority. TLS has proved that a peer has the private half of what it shows.
/// </summary>
public sealed class NodeTrust : IDisposable
{
    /// <summary>Bytes of a shared key at least.</summary>
    public const int SharedKeyBytesMin = 16;

    private readonly X509Certificate2Collection? _authorities;
    private readonly byte[] _ownPublicKey;
    private readonly TimeProvider _time;

    private NodeTrust(X509Certificate2 certificate, X509Certificate2Collection? authorities, TimeProvider time)
    {
        (Certificate, _authorities, _time) = (certificate, authorities, time);
        _ownPublicKey = certificate.PublicKey.ExportSubjectPublicKeyInfo();
    }

    /// <summary>What this node shows, with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Trusts peers with the same key. Host names do not count: the key is the same everywhere.</summary>
    /// <param name="key">The key, of random bytes: what can be guessed is no secret.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">The key is shorter than <see cref="SharedKeyBytesMin"/>.</exception>
    public static NodeTrust OfSharedKey(ReadOnlySpan<byte> key, TimeProvider? time = null) => key.Length >= SharedKeyBytesMin
        ? new NodeTrust(SharedKeyPair.Certify(key), null, time ?? TimeProvider.System)
        : throw new ArgumentException($"wanted a shared key of at least {SharedKeyBytesMin} bytes, got {key.Length}; make one with 'openssl rand -hex 32'", nameof(key));

    /// <summary>Trusts peers with a certificate that one of the authorities has signed, and that names the peer's host.</summary>
    /// <param name="certificate">This node's, with its private key; the trust owns it from here on.</param>
    /// <param name="authorities">Who may sign; the machine's own authorities are not asked.</param>
    /// <param name="time">The clock that certificates are valid by; null for the system's.</param>
    /// <exception cref="ArgumentException">There is no authority, or the certificate comes without its private key.</exception>
    public static NodeTrust OfAuthorities(X509Certificate2 certificate, X509Certificate2Collection authorities, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(authorities);
        if (authorities.Count == 0) throw new ArgumentException("wanted at least one authority, got none", nameof(authorities));
        if (!certificate.HasPrivateKey) throw new ArgumentException("wanted a certificate with its private key, got one without", nameof(certificate));
        return new NodeTrust(certificate, authorities, time ?? TimeProvider.System);
    }

    /// <summary>Why a peer is not trusted; null if it is.</summary>
    /// <param name="shown">The certificate that it showed in its handshake; null for none.</param>
    /// <param name="sent">Certificates that it sent along, which may lead to an authority.</param>
    /// <param name="host">The host that it must be; null if the peer has not said yet who it is, so that it has to be checked again.</param>
    public string? FindError(X509Certificate2? shown, X509Certificate2Collection? sent = null, string? host = null)
    {
        if (shown is null) return "wanted a certificate, got none";
        if (_authorities is null)
        {
            return CryptographicOperations.FixedTimeEquals(shown.PublicKey.ExportSubjectPublicKeyInfo(), _ownPublicKey)
                ? null
                : "wanted proof of the cluster's shared key, got a certificate of another key";
        }
        return FindChainError(shown, sent, _authorities) ?? (host is null || shown.MatchesHostname(host, allowWildcards: false, allowCommonName: false)
            ? null
            : $"wanted a certificate that names the host {host} (subject alternative name), got one for others");
    }

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();

    private string? FindChainError(X509Certificate2 shown, X509Certificate2Collection? sent, X509Certificate2Collection authorities)
    {
        using X509Chain chain = new();
        X509ChainPolicy policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities);
        if (sent is not null) policy.ExtraStore.AddRange(sent);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTimeIgnored = false;
        policy.VerificationTime = _time.GetLocalNow().DateTime;
        if (chain.Build(shown)) return null;
        string reasons = string.Join(", ", chain.ChainStatus.Select(status => status.Status).Distinct());
        return $"wanted a certificate of the cluster's authority, got one that is not ({reasons})";
    }
}
