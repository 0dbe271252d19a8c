using System.Text.Json;
using System.Text.RegularExpressions;
using Cluster.Messages.Api;
using Microsoft.AspNetCore.Http;

namespace Cluster.Seed.Http;

/// <summary>Says in the API's own words why the framework refused a request: its messages name types of the program, which a caller cannot know.</summary>
internal static partial class BadRequestText
{
    private const string Advice = $"see {ApiRoutes.Description}";

    /// <summary>Place, wanted, got, and the page to read.</summary>
    public static string Of(BadHttpRequestException refused) => refused.InnerException switch
    {
        JsonException json => OfBody(json),
        _ when refused.StatusCode == StatusCodes.Status413PayloadTooLarge => "body: wanted a smaller one, got more bytes than any request may have.",
        _ when BoundParameter().Match(refused.Message) is { Success: true } bound => $"{bound.Groups[1]}: wanted a value of another form, got '{bound.Groups[2]}'; {Advice}.",
        _ when refused.Message.Contains("body", StringComparison.OrdinalIgnoreCase) => $"body: wanted JSON with Content-Type: application/json, got none; {Advice}.",
        _ => $"wanted a request that {ApiRoutes.Description} describes, got another.",
    };

    private static string OfBody(JsonException json)
    {
        string place = json.Path is { Length: > 2 } path ? path[2..] : "body";
        if (MissingKeys().Match(json.Message) is { Success: true } missing) return $"body: wanted the keys {missing.Groups[1].Value.Replace("'", "", StringComparison.Ordinal)}, got none; {Advice}.";
        if (UnknownKey().Match(json.Message) is { Success: true } unknown) return $"body: wanted no key {unknown.Groups[1]}, got one; {Advice}.";
        if (NullKey().Match(json.Message) is { Success: true } empty) return $"{empty.Groups[1]}: wanted a value, got null; {Advice}.";
        return ConvertedType().IsMatch(json.Message)
            ? $"{place}: wanted a value of another kind, got the one at line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1} of the body; {Advice}."
            : $"body: wanted JSON, got something else at line {(json.LineNumber ?? 0) + 1}, byte {(json.BytePositionInLine ?? 0) + 1}; {Advice}.";
    }

    [GeneratedRegex("parameter \"\\S+ (\\w+)\" from \"(.{0,80}?)\"")]
    private static partial Regex BoundParameter();

    [GeneratedRegex("missing required properties including: (.+?)\\.?( Path:|$)")]
    private static partial Regex MissingKeys();

    [GeneratedRegex("JSON property '(.{1,80}?)' could not be mapped")]
    private static partial Regex UnknownKey();

    [GeneratedRegex("(?:parameter|property) '(\\w{1,80})'.* doesn't allow")]
    private static partial Regex NullKey();

    [GeneratedRegex("could not be converted|wanted")]
    private static partial Regex ConvertedType();
}
