using System.Text.Json;
using Cluster.Messages.Api;
using Cluster.Seed.Http;
using Microsoft.AspNetCore.Http;

namespace Cluster.Seed.Tests.Http;

/// <summary>What the framework's JSON reader refuses is told in the words of the API, and names no type of the program.</summary>
public class BadRequestTextTests
{
    [Theory]
    [InlineData("{", "body: wanted JSON")]
    [InlineData("""{"job":"a"}""", "wanted the keys text, base_directory")]
    [InlineData("""{"job":"a","text":"x","base_directory":"/","run_directory":"/etc"}""", "wanted no key run_directory")]
    [InlineData("""{"job":"a","text":"x","base_directory":"/","priority":"high"}""", "priority: wanted a value of another kind")]
    [InlineData("""{"job":7,"text":"x","base_directory":"/"}""", "job: wanted a value of another kind")]
    [InlineData("""{"job":"a","text":null,"base_directory":"/"}""", "text: wanted a value, got null")]
    public void A_body_is_refused_by_place(string body, string text)
    {
        JsonException refused = Should.Throw<JsonException>(() => JsonSerializer.Deserialize(body, ApiJson.Default.JobSubmission));
        Told(new BadHttpRequestException("Failed to read parameter \"JobSubmission submission\" from the request body as JSON.", refused)).ShouldContain(text);
    }

    [Theory]
    [InlineData("Failed to bind parameter \"Nullable<int> run\" from \"abc\".", "run: wanted a value of another form, got 'abc'")]
    [InlineData("Implicit body inferred for parameter \"submission\" but no body was provided.", "body: wanted JSON")]
    [InlineData("Something new.", "wanted a request that /openapi/v1.json describes")]
    public void A_request_is_refused_by_place(string message, string text) => Told(new BadHttpRequestException(message)).ShouldContain(text);

    private static string Told(BadHttpRequestException refused)
    {
        string told = BadRequestText.Of(refused);
        foreach (string internals in new[] { "System", "Cluster.", "Nullable", ".NET", "JobSubmission" }) told.ShouldNotContain(internals);
        return told;
    }
}
