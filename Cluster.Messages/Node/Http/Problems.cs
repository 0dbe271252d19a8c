using System.Text.Json;
using Cluster.Messages.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Cluster.Seed.Http;

/// <summary>A request cannot be met.</summary>
/// <param name="status">The answer's status code.</param>
/// <param name="message">For a person: where, wanted, got, do this.</param>
internal sealed class ProblemException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>Writes problems as JSON (RFC 9457).</summary>
internal static class Problems
{
    public const string MediaType = "application/problem+json";

    public static async Task WriteAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaType;
        await JsonSerializer.SerializeAsync(
            context.Response.Body, new Problem(ReasonPhrases.GetReasonPhrase(status), status, detail), ApiJson.Default.Problem, context.RequestAborted);
    }
}
