using Cluster.Messages.Node;
using Cluster.Messages.Node.Settings;
using Cluster.Seed.Http;

namespace Cluster.Seed;

/// <summary>What the seed's program is told.</summary>
public sealed record SeedProgramOptions : ProgramOptions
{
    public SeedProgramOptions() => Node = new NodeOptions { Roles = [NodeRoles.Seed], Address = SeedAddressDefault, ComputeThreads = 1 };

    /// <summary>All that can be set.</summary>
    public static SettingList<SeedProgramOptions> Settings { get; } = new SettingList<SeedProgramOptions>(new())
        .AddNode()
        .Add("http", HttpOptions.AddressOption, ValueKind.Address, o => o.Http.Address, (o, v) => o with { Http = o.Http with { Address = v } },
            "an IPv4 address or localhost, with a port of 0 to 65535; beyond loopback only with http-token-file", "Where the HTTP API listens.")
        .Add("http-token-file", HttpOptions.TokenOption, ValueKind.Path, o => o.Http.TokenPath, (o, v) => o with { Http = o.Http with { TokenPath = v } },
            "a file of 16 to 512 visible characters", "The token that whoever asks the HTTP API must show; without one nobody is answered.")
        .Add("http-certificate", HttpOptions.CertificateOption, ValueKind.Path, o => o.Http.CertificatePath, (o, v) => o with { Http = o.Http with { CertificatePath = v } },
            "a PEM file; with http-certificate-key", "The certificate that the HTTP API shows, which names the host that people use; the API then speaks TLS.")
        .Add("http-certificate-key", HttpOptions.CertificateKeyOption, ValueKind.Path, o => o.Http.CertificateKeyPath, (o, v) => o with { Http = o.Http with { CertificateKeyPath = v } },
            "a PEM file; with http-certificate", "The certificate's private key.");

    /// <summary>How it answers over HTTP.</summary>
    public HttpOptions Http { get; init; } = new();

    /// <inheritdoc/>
    public override ImmutableArray<string> Errors() => [.. base.Errors(), .. Http.Errors()];
}
