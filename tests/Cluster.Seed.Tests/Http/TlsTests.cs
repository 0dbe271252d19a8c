using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cluster.Messages.Api;
using Cluster.Messages.Node;
using Cluster.Seed.Http;

namespace Cluster.Seed.Tests.Http;

/// <summary>The HTTP API speaks TLS by itself, without a proxy before it.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Token = "a-token-of-some-length";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-https-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Whoever_trusts_the_certificate_is_answered_and_nobody_without_tls()
    {
        (HttpOptions options, X509Certificate2 certificate) = Make();
        await using TestSeed seed = await TestSeed.StartAsync(options);

        (await StatusAsync("https", seed.Http, certificate)).ShouldBe(HttpStatusCode.OK);
        await Should.ThrowAsync<HttpRequestException>(StatusAsync("https", seed.Http, Make().Certificate));
        await Should.ThrowAsync<HttpRequestException>(StatusAsync("http", seed.Http, certificate));
    }

    [Fact]
    public void A_certificate_without_its_key_is_refused() =>
        (new HttpOptions() with { CertificatePath = "/certificate" }).Errors().ShouldHaveSingleItem().ShouldContain("HttpCertificateKeyPath: wanted both or none");

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n")]
    public async Task A_file_that_holds_no_certificate_is_named(string text)
    {
        (HttpOptions options, _) = Make();
        File.WriteAllText(options.CertificatePath!, text);

        (await Should.ThrowAsync<BadNodeOptionsException>(TestSeed.StartAsync(options))).Message.ShouldContain(options.CertificatePath!);
    }

    private (HttpOptions Options, X509Certificate2 Certificate) Make()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=seed", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        X509Certificate2 certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        HttpOptions options = new() { TokenPath = Path.Combine(_folder.FullName, "token"), CertificatePath = Path.Combine(_folder.FullName, "seed.pem"), CertificateKeyPath = Path.Combine(_folder.FullName, "seed.key") };
        File.WriteAllText(options.TokenPath, Token);
        File.WriteAllText(options.CertificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(options.CertificateKeyPath, key.ExportPkcs8PrivateKeyPem());
        return (options, certificate);
    }

    private static async Task<HttpStatusCode> StatusAsync(string scheme, NodeAddress address, X509Certificate2 trusted)
    {
        SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { trusted },
        };
        using HttpClient client = new(handler) { Timeout = Deadline };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"{scheme}://{address}{ApiRoutes.Cluster}"));
        return answer.StatusCode;
    }
}
