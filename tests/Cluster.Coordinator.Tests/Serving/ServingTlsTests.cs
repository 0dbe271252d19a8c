using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Cluster.Messages.Node.Http;

namespace Cluster.Coordinator.Tests.Serving;

/// <summary>Models behind TLS, asked by a client that looks at the certificate.</summary>
[Collection(nameof(ServedModels))]
public sealed class ServingTlsTests : ServedModels
{
    [Fact]
    public async Task Whoever_trusts_the_certificate_and_shows_the_token_is_answered()
    {
        X509Certificate2 certificate = await ServeAsync();

        using HttpResponseMessage answer = await AskAsync("https", certificate, Token);
        using HttpResponseMessage stranger = await AskAsync("https", certificate, "another-token-of-16");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["predictions"]!.AsArray().Count.ShouldBe(1);
        stranger.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Nobody_is_answered_by_another_certificate_or_without_tls()
    {
        X509Certificate2 certificate = await ServeAsync();

        await Should.ThrowAsync<HttpRequestException>(AskAsync("https", Make("other"), Token));
        await Should.ThrowAsync<HttpRequestException>(AskAsync("http", certificate, Token));
    }

    private async Task<X509Certificate2> ServeAsync()
    {
        X509Certificate2 certificate = Make("server");
        await ServeAsync(Model("letters"), options => options with
        {
            Token = Encoding.ASCII.GetBytes(Token),
            Certificates = HttpCertificate.Read(PathOf("server.pem"), PathOf("server.key"), "certificate"),
        });
        return certificate;
    }

    private async Task<HttpResponseMessage> AskAsync(string scheme, X509Certificate2 trusted, string token)
    {
        SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { trusted },
        };
        using HttpClient client = new(handler) { Timeout = Patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using StringContent row = new($"[{Row}]", Encoding.UTF8, "application/json");
        HttpResponseMessage answer = await client.PostAsync(new Uri($"{scheme}://{Server!.Address}/predict"), row);
        await answer.Content.LoadIntoBufferAsync();
        return answer;
    }

    private string PathOf(string file) => Path.Combine(Folder.FullName, file);

    /// <summary>A certificate of this machine that signs itself, in two files.</summary>
    private X509Certificate2 Make(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        X509Certificate2 certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        File.WriteAllText(PathOf($"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
