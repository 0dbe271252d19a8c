using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Cluster.Seed.Http;

/// <summary>Who may ask: whoever shows the token as Authorization: Bearer, compared by hash in constant time.</summary>
/// <remarks>
/// Without a token nobody may, not even from this machine, whose other users and whose web pages reach its loopback addresses as well.
/// </remarks>
internal sealed class AccessRule(byte[] token)
{
    private const string Scheme = "Bearer ";
    private readonly byte[] _hash = SHA256.HashData(token);

    /// <summary>The status code to refuse a request with, and why; null if it is allowed.</summary>
    public (int Status, string Reason)? Refusal(HttpRequest request) =>
        token.Length == 0 ? (StatusCodes.Status401Unauthorized, "this cluster has no token, and without one answers nobody; whoever runs it can set http-token-file.")
        : ShowsToken(request) ? null
        : (StatusCodes.Status401Unauthorized, "wanted the cluster's token as Authorization: Bearer, got none or another one; --token-file names its file.");

    private bool ShowsToken(HttpRequest request)
    {
        string shown = request.Headers.Authorization.ToString();
        return shown.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown[Scheme.Length..].Trim())), _hash);
    }
}
