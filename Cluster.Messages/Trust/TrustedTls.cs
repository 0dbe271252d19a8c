using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Cluster.Messages.Trust;

/// <summary>Mutual TLS 1.3 by a node's trust, and by nothing else: the machine's authorities and the platform's own verdict do not count.</summary>
public static class TrustedTls
{
    /// <summary>Lets the other side in, if it is trusted. Which host it must be is not known yet: ask <see cref="NodeTrust.FindError"/> again when it is.</summary>
    /// <exception cref="AuthenticationException">It is not trusted, or does not speak TLS; says why.</exception>
    public static SslStream Accept(Stream stream, NodeTrust trust)
    {
        ArgumentNullException.ThrowIfNull(trust);
        Verdict verdict = new(trust, null);
        return Authenticate(stream, verdict, ssl => ssl.AuthenticateAsServer(new SslServerAuthenticationOptions
        {
            ServerCertificate = trust.Certificate,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = verdict.Judge,
        }));
    }

    /// <summary>Goes in, if who answers is trusted to be <paramref name="host"/>.</summary>
    /// <exception cref="AuthenticationException">It is not trusted, or does not speak TLS; says why.</exception>
    public static SslStream Connect(Stream stream, NodeTrust trust, string host)
    {
        ArgumentNullException.ThrowIfNull(trust);
        Verdict verdict = new(trust, host);
        return Authenticate(stream, verdict, ssl => ssl.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificates = [trust.Certificate],
            // The server names no authorities that it would accept; ours is the only certificate there is.
            LocalCertificateSelectionCallback = (_, _, _, _, _) => trust.Certificate,
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = verdict.Judge,
        }));
    }

    private static SslStream Authenticate(Stream stream, Verdict verdict, Action<SslStream> authenticate)
    {
        SslStream ssl = new(stream);
        try
        {
            authenticate(ssl);
            return ssl;
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or System.ComponentModel.Win32Exception)
        {
            ssl.Dispose();
            throw verdict.Failure is { } reason ? new AuthenticationException(reason, failure) : new AuthenticationException($"wanted a TLS handshake, got none: {failure.Message}", failure);
        }
    }

    private sealed class Verdict(NodeTrust trust, string? host)
    {
        public string? Failure { get; private set; }

        public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            Failure = trust.FindError(certificate as X509Certificate2, chain?.ChainPolicy.ExtraStore, host);
            return Failure is null;
        }
    }
}
