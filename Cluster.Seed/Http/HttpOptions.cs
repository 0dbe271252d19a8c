using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Http;

namespace Cluster.Seed.Http;

/// <summary>How a seed answers over HTTP.</summary>
public sealed record HttpOptions
{
    /// <summary>Where the HTTP API listens if nothing else is said.</summary>
    public static readonly NodeAddress AddressDefault = new("127.0.0.1", 4080);

    /// <summary>What errors of <see cref="Address"/> begin with.</summary>
    internal const string AddressOption = "HttpAddress";

    /// <summary>What errors of <see cref="TokenPath"/> begin with.</summary>
    internal const string TokenOption = "HttpTokenPath";

    /// <summary>What errors of <see cref="CertificatePath"/> begin with.</summary>
    internal const string CertificateOption = "HttpCertificatePath";

    /// <summary>What errors of <see cref="CertificateKeyPath"/> begin with.</summary>
    internal const string CertificateKeyOption = "HttpCertificateKeyPath";

    /// <summary>Where it listens. Default 127.0.0.1:4080. Limits: an IPv4 address or localhost; beyond loopback only with a token.</summary>
    public NodeAddress Address { get; init; } = AddressDefault;

    /// <summary>The file of the token that requests must show. Default: none; then only requests for the node's health are answered. Limits: 16 to 512 visible characters.</summary>
    public string? TokenPath { get; init; }

    /// <summary>The token, if it was drawn for this process and lies in no file. Default: none. Limits: visible characters of ASCII.</summary>
    public string? Token { get; init; }

    /// <summary>The PEM file of the certificate that the API shows, and of those between it and its authority. Default: none, so plain HTTP. Limits: only with <see cref="CertificateKeyPath"/>.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The PEM file of the certificate's private key. Default: none.</summary>
    public string? CertificateKeyPath { get; init; }

    /// <summary>Whether what is asked and answered is encrypted.</summary>
    public bool IsTls => CertificatePath is not null;

    /// <summary>Whether only this machine reaches it.</summary>
    public bool IsLoopback => IPAddress is { } address && IPAddress.IsLoopback(address);

    /// <summary>The address to listen on; null if it is none.</summary>
    internal IPAddress? IPAddress => Address.Host == "localhost" ? System.Net.IPAddress.Loopback
        : System.Net.IPAddress.TryParse(Address.Host, out IPAddress? address) ? address : null;

    /// <summary>Everything that is wrong, each with the option's name in front.</summary>
    public IEnumerable<string> Errors()
    {
        if (IPAddress is null)
            yield return $"{AddressOption}: wanted an IPv4 address or localhost, got '{Address.Host}'";
        else if (!IsLoopback && TokenPath is null)
            yield return $"{AddressOption} and {TokenOption}: wanted a token for {Address}, which other machines reach, got none";
        if (CertificatePath is null != CertificateKeyPath is null)
            yield return $"{CertificateOption} and {CertificateKeyOption}: wanted both or none, got one";
    }

    /// <summary>Reads the token; empty if there is none.</summary>
    /// <exception cref="BadNodeOptionsException">The file cannot be read, or holds no token.</exception>
    internal byte[] ReadToken() => Token is { } drawn ? Encoding.ASCII.GetBytes(drawn) : HttpToken.Read(TokenPath, TokenOption);

    /// <summary>Reads the certificate with its key, and behind it those that lead to its authority; null for plain HTTP.</summary>
    /// <exception cref="BadNodeOptionsException">A file cannot be read, or does not hold what it should; never what it holds.</exception>
    internal X509Certificate2Collection? ReadCertificates() => CertificatePath is { } certificate && CertificateKeyPath is { } key
        ? HttpCertificate.Read(certificate, key, $"{CertificateOption} or {CertificateKeyOption}")
        : null;
}
