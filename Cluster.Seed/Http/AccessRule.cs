using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Cluster.Seed.Http;

/// <summary>Who may ask.</summary>
/// <remarks>
/// With a token  whoever shows it as Authorization: Bearer; compared by hash in constant time
/// Without       programs of this machine. A page in a browser of this machine is no such program: requests that name an
///               origin, or another host than this machine, are refused, lest any web page could cancel jobs
/// </remarks>
internal sealed class AccessRule(byte[] token)
{
    private const string Scheme = "Bearer ";
    private readonly byte[] _hash = SHA256.HashData(token);

    /// <summary>The status code to refuse a request with, and why; null where it is allowed.</summary>
    public (int Status, string Reason)? Refusal(HttpRequest request)
    {
        if (token.Length > 0)
            return ShowsToken(request) ? null : (StatusCodes.Status401Unauthorized, "wanted the cluster's token as Authorization: Bearer, got none or another one.");
        if (request.Headers.Origin.Count > 0)
            return (StatusCodes.Status403Forbidden, "wanted a program of this machine, got a web page; set a token to allow others.");
        return IsThisMachine(request.Host.Host) ? null
            : (StatusCodes.Status403Forbidden, $"wanted localhost or a loopback address as the host, got '{request.Host.Host}'; set a token to allow others.");
    }

    private static bool IsThisMachine(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private bool ShowsToken(HttpRequest request)
    {
        string shown = request.Headers.Authorization.ToString();
        return shown.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown[Scheme.Length..].Trim())), _hash);
    }
}
