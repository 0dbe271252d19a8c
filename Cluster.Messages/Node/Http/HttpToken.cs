using System.Text;

namespace Cluster.Messages.Node.Http;

/// <summary>The file of the token that callers of an HTTP server must show.</summary>
/// <remarks>Range  16 to 512 visible characters of ASCII; white space about them is no part of it</remarks>
public static class HttpToken
{
    private const int CharactersMin = 16, CharactersMax = 512;

    /// <summary>Reads it; empty if there is none.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="option">What errors begin with.</param>
    /// <exception cref="BadNodeOptionsException">The file cannot be read, or holds no token.</exception>
    public static byte[] Read(string? path, string option)
    {
        if (path is null) return [];
        string token;
        try
        {
            token = File.ReadAllText(path).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadNodeOptionsException([$"{option}: wanted a token file that can be read, got: {error.Message}"]);
        }
        if (token.Length is < CharactersMin or > CharactersMax || !token.All(c => c is > ' ' and <= '~'))
            throw new BadNodeOptionsException([$"{option}: wanted {CharactersMin} to {CharactersMax} visible characters in {path}, got {token.Length} characters or others"]);
        return Encoding.ASCII.GetBytes(token);
    }
}
