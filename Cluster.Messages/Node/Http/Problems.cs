using System.Text.Json;
using Cluster.Messages.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Cluster.Messages.Node.Http;

/// <summary>A request cannot be met.</summary>
/// <param name="status">The answer's status code.</param>
/// <param name="message">For a person: place, wanted, got, do this.</param>
public sealed class ProblemException(int status, string message) : Exception(message)
{
    /// <summary>The answer's status code.</summary>
    public int Status { get; } = status;
}

/// <summary>Writes problems as JSON (RFC 9457).</summary>
public static class Problems
{
    /// <summary>The type of their content.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Answers a request with one.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The answer's status code.</param>
    /// <param name="detail">For a person: place, wanted, got, do this.</param>
    public static async Task WriteAsync(HttpContext context, int status, string detail)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaType;
        await JsonSerializer.SerializeAsync(
            context.Response.Body, new Problem(ReasonPhrases.GetReasonPhrase(status), status, detail), ApiJson.Default.Problem, context.RequestAborted);
    }
}
