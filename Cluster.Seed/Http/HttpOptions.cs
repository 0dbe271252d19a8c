using System.Net;
using System.Text;
using Cluster.Messages.Node;

namespace Cluster.Seed.Http;

/// <summary>How a seed answers over HTTP.</summary>
public sealed record HttpOptions
{
    /// <summary>Where the HTTP API listens where nothing else is said.</summary>
    public static readonly NodeAddress AddressDefault = new("127.0.0.1", 4080);

    /// <summary>What faults of <see cref="Address"/> begin with.</summary>
    internal const string AddressOption = "HttpAddress";

    /// <summary>What faults of <see cref="TokenPath"/> begin with.</summary>
    internal const string TokenOption = "HttpTokenPath";

    private const int TokenCharactersMin = 16, TokenCharactersMax = 512;

    /// <summary>Where it listens. Default 127.0.0.1:4080. Limits: an IPv4 address or localhost; beyond loopback only with a token.</summary>
    public NodeAddress Address { get; init; } = AddressDefault;

    /// <summary>The file of the token that whoever asks must show. Default: none, so that nobody is answered but those who ask for the node's health. Limits: 16 to 512 visible characters.</summary>
    public string? TokenPath { get; init; }

    /// <summary>Whether only this machine reaches it.</summary>
    public bool IsLoopback => IPAddress is { } address && IPAddress.IsLoopback(address);

    /// <summary>The address to listen on; null where it is none.</summary>
    internal IPAddress? IPAddress => Address.Host == "localhost" ? System.Net.IPAddress.Loopback
        : System.Net.IPAddress.TryParse(Address.Host, out IPAddress? address) ? address : null;

    /// <summary>Everything that is wrong, each with the option's name in front.</summary>
    public IEnumerable<string> Faults()
    {
        if (IPAddress is null)
            yield return $"{AddressOption}: wanted an IPv4 address or localhost, got '{Address.Host}'";
        else if (!IsLoopback && TokenPath is null)
            yield return $"{AddressOption} and {TokenOption}: wanted a token for {Address}, which other machines reach, got none";
    }

    /// <summary>Reads the token; empty where there is none.</summary>
    /// <exception cref="BadNodeOptionsException">The file cannot be read, or holds no token.</exception>
    internal byte[] ReadToken()
    {
        if (TokenPath is null) return [];
        string token;
        try
        {
            token = File.ReadAllText(TokenPath).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadNodeOptionsException([$"{TokenOption}: wanted a token file that can be read, got: {fault.Message}"]);
        }
        if (token.Length is < TokenCharactersMin or > TokenCharactersMax || !token.All(c => c is > ' ' and <= '~'))
            throw new BadNodeOptionsException([$"{TokenOption}: wanted {TokenCharactersMin} to {TokenCharactersMax} visible characters in {TokenPath}, got {token.Length} characters or others"]);
        return Encoding.ASCII.GetBytes(token);
    }
}
