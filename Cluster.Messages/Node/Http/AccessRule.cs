using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Cluster.Messages.Node.Http;

/// <summary>Lets in requests that show the token as Authorization: Bearer, compared by hash in constant time.</summary>
/// <remarks>
/// Without a token every request is refused, even from this machine: its other users and web pages reach its loopback addresses as well.
/// </remarks>
/// <param name="token">The token; empty if there is none.</param>
/// <param name="owner">Whose it is, for a message: "cluster".</param>
/// <param name="setting">The flag that names its file, for messages to the operator.</param>
public sealed class AccessRule(byte[] token, string owner, string setting)
{
    private const string Scheme = "Bearer ";
    private readonly byte[] _hash = SHA256.HashData(token);

    /// <summary>The status code to refuse a request with, and why; null if it is allowed.</summary>
    public (int Status, string Reason)? Refusal(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return token.Length == 0 ? (StatusCodes.Status401Unauthorized, $"this {owner} has no token, and without one answers nobody; whoever runs it can set {setting}.")
            : ShowsToken(request) ? null
            : (StatusCodes.Status401Unauthorized, $"wanted the {owner}'s token as Authorization: Bearer, got none or another one; --token-file names its file.");
    }

    private bool ShowsToken(HttpRequest request)
    {
        string shown = request.Headers.Authorization.ToString();
        return shown.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown[Scheme.Length..].Trim())), _hash);
    }
}
