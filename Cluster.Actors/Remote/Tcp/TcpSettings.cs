using System.Security.Cryptography.X509Certificates;

namespace Cluster.Actors;

/// <summary>How a <see cref="TcpNetwork"/> behaves. Without a key and without TLS it listens on loopback addresses only.</summary>
public sealed record TcpSettings
{
    /// <summary>Bytes of a shared key at least.</summary>
    public const int SharedKeyBytesMin = 16;

    /// <summary>
    /// What every node of the cluster knows and nobody else does; empty for none. Both sides of a connection prove that they know it,
    /// by HMAC-SHA256 over the nonces and names of both. What they send afterwards is neither encrypted nor signed: where others can
    /// read or change what is on the wire, use TLS.
    /// </summary>
    public ReadOnlyMemory<byte> SharedKey { get; init; }

    /// <summary>Certificates of this node and of those who may sign others'; null for no TLS.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>How long a connection may take from its first byte to mutual trust. Too long: strangers hold places. Too short: a busy machine is refused.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long what was written may wait for the other side to take it before the connection is given up.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after a connection that failed; it doubles until <see cref="ReconnectPauseMax"/>.</summary>
    public TimeSpan ReconnectPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause between two tries: a node that comes back is not found sooner.</summary>
    public TimeSpan ReconnectPauseMax { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a node without a connection is remembered after the last message to it, so that nodes that never come back cost nothing.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the last words of a node that ends are given to leave.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Bytes that may wait for one node. What does not fit is dropped, counted and logged, as at most once allows.</summary>
    public long QueueBytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>Connections that have not proved anything yet; further ones are closed at once.</summary>
    public int UnauthenticatedMax { get; init; } = 64;

    internal bool HasKey => !SharedKey.IsEmpty;

    /// <exception cref="ArgumentException">Names every setting that is out of its range.</exception>
    internal void Validate()
    {
        List<string> faults = [];
        Require(SharedKey.Length is 0 or >= SharedKeyBytesMin, $"SharedKey: wanted none or at least {SharedKeyBytesMin} bytes, got {SharedKey.Length}");
        Require(HandshakeTimeout > TimeSpan.Zero, $"HandshakeTimeout: wanted more than 0, got {HandshakeTimeout}");
        Require(StallTimeout > TimeSpan.Zero, $"StallTimeout: wanted more than 0, got {StallTimeout}");
        Require(IdleTimeout > TimeSpan.Zero, $"IdleTimeout: wanted more than 0, got {IdleTimeout}");
        Require(ReconnectPause > TimeSpan.Zero && ReconnectPauseMax >= ReconnectPause, $"ReconnectPause: wanted more than 0 and at most {ReconnectPauseMax}, got {ReconnectPause}");
        Require(QueueBytesMax >= FrameFormat.FrameBytesMax, $"QueueBytesMax: wanted at least one frame ({FrameFormat.FrameBytesMax}), got {QueueBytesMax}");
        Require(UnauthenticatedMax >= 1, $"UnauthenticatedMax: wanted at least 1, got {UnauthenticatedMax}");
        if (faults.Count > 0) throw new ArgumentException("TcpSettings: " + string.Join("; ", faults));

        void Require(bool holds, string fault)
        {
            if (!holds) faults.Add(fault);
        }
    }
}

/// <summary>Mutual TLS: each side shows a certificate that one of the authorities has signed.</summary>
/// <param name="Certificate">This node's, with its private key; it must name the host under which others reach the node.</param>
/// <param name="Authorities">Who may sign; the machine's own authorities are not asked.</param>
public sealed record TlsSettings(X509Certificate2 Certificate, X509Certificate2Collection Authorities);
