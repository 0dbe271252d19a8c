using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cluster.Benchmarks.Exchange;

/// <summary>An authority and a certificate for 127.0.0.1, for one run.</summary>
internal static class LoopbackCertificates
{
    /// <summary>A new folder with node.pem, node.key and ca.pem.</summary>
    public static DirectoryInfo Make()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest asAuthority = new("CN=benchmark authority", authorityKey, HashAlgorithmName.SHA256);
        asAuthority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        asAuthority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using X509Certificate2 authority = asAuthority.CreateSelfSigned(now.AddHours(-1), now.AddHours(2));
        CertificateRequest asNode = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        asNode.CertificateExtensions.Add(names.Build());
        using X509Certificate2 node = asNode.Create(authority, now.AddMinutes(-30), now.AddHours(1), RandomNumberGenerator.GetBytes(8));

        DirectoryInfo folder = Directory.CreateTempSubdirectory("cluster-exchange-");
        File.WriteAllText(Path.Combine(folder.FullName, "ca.pem"), authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder.FullName, "node.pem"), node.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder.FullName, "node.key"), key.ExportPkcs8PrivateKeyPem());
        return folder;
    }
}
