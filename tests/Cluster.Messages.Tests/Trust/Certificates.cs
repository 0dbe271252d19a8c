using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cluster.Messages.Trust;

namespace Cluster.Messages.Tests.Trust;

/// <summary>Authorities and certificates of a test's own.</summary>
internal static class Certificates
{
    public static X509Certificate2 Authority(string name = "authority", X509Certificate2? above = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        if (above is null) return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(10));
        using X509Certificate2 signed = request.Create(above, now.AddHours(-1), now.AddDays(9), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>A certificate for hosts, signed; comes with its key as a file's would.</summary>
    public static X509Certificate2 Of(X509Certificate2 authority, params string[] hosts)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        foreach (string host in hosts)
        {
            if (System.Net.IPAddress.TryParse(host, out System.Net.IPAddress? address)) names.AddIpAddress(address);
            else names.AddDnsName(host);
        }
        if (hosts.Length > 0) request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 signed = request.Create(authority, now.AddMinutes(-30), now.AddDays(5), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>Trusts an authority, and shows a certificate of the same or another.</summary>
    public static NodeTrust Trusting(X509Certificate2 authority, X509Certificate2? shown = null, TimeProvider? time = null) =>
        NodeTrust.OfAuthorities(shown ?? Of(authority, "127.0.0.1"), [authority], time);
}
