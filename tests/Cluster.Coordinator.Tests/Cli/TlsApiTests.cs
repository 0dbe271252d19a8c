using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cluster.Coordinator.Cli;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Health;
using Cluster.Messages.Wire;
using Cluster.Seed;
using Cluster.Seed.Http;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>The verbs reach an API that speaks TLS, and trust none but the authority that they are given.</summary>
public sealed class TlsApiTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-tls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Status_is_shown_through_tls_to_whoever_names_the_authority()
    {
        await using ClusterNode node = ClusterNode.Start(new NodeOptions { Roles = [NodeRoles.Seed], ComputeThreads = 1 }, MessageCodecs.ForMessages(), NodeEnvironment.InProcess(), builder => builder.WithSeed());
        await node.WaitUntilUp(Deadline);
        HttpOptions options = new()
        {
            Address = new NodeAddress("127.0.0.1", 0),
            TokenPath = FileOf("token"),
            CertificatePath = Certificate("seed"),
            CertificateKeyPath = FileOf("seed.key"),
        };
        await File.WriteAllTextAsync(FileOf("token"), "a-token-of-some-length");
        await using ApiServer api = await ApiServer.StartAsync(node, options, NodeHealth.Start(node, $"/user/{SeedNode.ProgressName}", _ => Task.FromResult("contact point")));

        (int trusting, string shown) = await RunAsync("status", "--connect", $"https://{api.Address}", "--authority", FileOf("seed.pem"));
        (int other, string refused) = await RunAsync("status", "--connect", $"https://{api.Address}", "--authority", Certificate("other"));
        (int plain, _) = await RunAsync("status", "--connect", api.Address.ToString());
        (int unread, string named) = await RunAsync("status", "--connect", $"https://{api.Address}", "--authority", FileOf("seed.key"));

        (trusting, other, plain, unread).ShouldBe((ExitCode.Success, ExitCode.Unreachable, ExitCode.Unreachable, ExitCode.Usage));
        shown.ShouldContain("seed");
        refused.ShouldContain("certificate");
        named.ShouldContain("--authority: wanted a PEM file of certificates");
    }

    [Theory]
    [InlineData("ftp://127.0.0.1:4080")]
    [InlineData("https://127.0.0.1")]
    public async Task An_address_of_another_kind_is_a_wrong_command_line(string address)
    {
        (int code, string said) = await RunAsync("status", "--connect", address);

        code.ShouldBe(ExitCode.Usage);
        said.ShouldContain("wanted HOST:PORT or https://HOST:PORT");
    }

    private string FileOf(string name) => Path.Combine(_folder.FullName, name);

    private string Certificate(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        File.WriteAllText(FileOf($"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(FileOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        return FileOf($"{name}.pem");
    }

    private async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        StringWriter said = new();
        int code = await CommandLine.RunAsync([.. arguments, "--token-file", FileOf("token")], new Terminal(said, said, interactive: false));
        return (code, said.ToString());
    }
}
