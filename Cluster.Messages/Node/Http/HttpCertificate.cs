using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Cluster.Messages.Node.Http;

/// <summary>The certificate that an HTTP server shows: two files in PEM, and TLS 1.2 or 1.3 by them.</summary>
public static class HttpCertificate
{
    private static readonly TimeSpan s_handshake = TimeSpan.FromSeconds(5);

    /// <summary>Reads a certificate with its key, and behind it those that lead to its authority.</summary>
    /// <param name="certificatePath">The PEM file of the certificate, and of those between it and its authority.</param>
    /// <param name="keyPath">The PEM file of its private key.</param>
    /// <param name="options">What errors begin with.</param>
    /// <exception cref="BadNodeOptionsException">A file cannot be read, or does not hold what it should; never what it holds.</exception>
    public static X509Certificate2Collection Read(string certificatePath, string keyPath, string options)
    {
        try
        {
            X509Certificate2Collection certificates = [X509Certificate2.CreateFromPemFile(certificatePath, keyPath)], file = [];
            file.ImportFromPemFile(certificatePath);
            for (int i = 1; i < file.Count; i++) certificates.Add(file[i]);
            return certificates;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new BadNodeOptionsException([$"{options}: wanted files that can be used, got {certificatePath} and {keyPath}: {error.Message}"]);
        }
    }

    /// <summary>Encrypts what is asked and answered. To be called after <see cref="GuardedListening.Seat"/>.</summary>
    /// <param name="listen">Where the server listens.</param>
    /// <param name="certificates">Of <see cref="Read"/>.</param>
    public static void Encrypt(this ListenOptions listen, X509Certificate2Collection certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = certificates[0],
            ServerCertificateChain = certificates,
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            HandshakeTimeout = s_handshake,
        });
    }
}
