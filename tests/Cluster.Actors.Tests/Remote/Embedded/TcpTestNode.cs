using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cluster.Actors.Tests.Remote.Embedded;

/// <summary>Certificates made for one test, and nodes with a network of their own.</summary>
internal static class TcpTestNode
{
    private const int AsksMax = 60;

    public static ActorSystem Start(TcpNetwork network, string system = "net", Func<EmbeddedSetup, EmbeddedSetup>? adjust = null)
    {
        EmbeddedSetup setup = new() { Network = network, Host = "127.0.0.1", Port = network.Reserve("127.0.0.1", 0) };
        return ActorSystem.Create(system, adjust?.Invoke(setup) ?? setup);
    }

    /// <summary>Asks again and again: at most once means that what was sent to the dead, or before there was room, is lost.</summary>
    public static async Task<string> AskUntilAnswered(ActorSystem from, string path, string question)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                return await from.ActorSelection(path).Ask<string>(question, TimeSpan.FromSeconds(1));
            }
            catch (AskTimeoutException) when (i < AsksMax)
            {
            }
        }
    }

    public static X509Certificate2 Authority()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1));
    }

    public static TlsSettings Certified(X509Certificate2 authority, X509Certificate2? trusted = null, string host = "127.0.0.1")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={host}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        if (System.Net.IPAddress.TryParse(host, out System.Net.IPAddress? ip)) names.AddIpAddress(ip);
        else names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = request.Create(authority, TimeProvider.System.GetUtcNow().AddMinutes(-30), TimeProvider.System.GetUtcNow().AddMinutes(30), RandomNumberGenerator.GetBytes(8));
        return new TlsSettings(signed.CopyWithPrivateKey(key), [trusted ?? authority]);
    }
}
