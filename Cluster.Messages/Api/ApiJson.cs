using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Messages.Identifiers;

namespace Cluster.Messages.Api;

/// <summary>How the HTTP API writes JSON: names in snake_case, choices in kebab-case, what is no finite number as "NaN" and the like.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(JobIdConverter), typeof(JobStatusConverter), typeof(FailureKindConverter)])]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(JobSubmission))]
[JsonSerializable(typeof(JobAccepted))]
[JsonSerializable(typeof(JobCancelling))]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(JobLine))]
[JsonSerializable(typeof(JobDescribed))]
[JsonSerializable(typeof(StepsProgressed))]
[JsonSerializable(typeof(EpochProgressed))]
[JsonSerializable(typeof(TaskProgressed))]
[JsonSerializable(typeof(JobFinished))]
[JsonSerializable(typeof(Problem))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Makes other options, such as those of a server, write and read as these do.</summary>
    public static void ApplyTo(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        JsonSerializerOptions own = Default.Options;
        options.PropertyNamingPolicy = own.PropertyNamingPolicy;
        options.PropertyNameCaseInsensitive = own.PropertyNameCaseInsensitive;
        options.NumberHandling = own.NumberHandling;
        options.RespectRequiredConstructorParameters = own.RespectRequiredConstructorParameters;
        options.RespectNullableAnnotations = own.RespectNullableAnnotations;
        options.UnmappedMemberHandling = own.UnmappedMemberHandling;
        foreach (JsonConverter converter in own.Converters) options.Converters.Add(converter);
        options.TypeInfoResolverChain.Insert(0, Default);
    }
}

/// <summary>A job's name as text.</summary>
internal sealed class JobIdConverter : JsonConverter<JobId>
{
    /// <inheritdoc/>
    public override JobId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? new JobId(reader.GetString()!) : throw new JsonException("wanted a job's name");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, JobId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

/// <summary>Where a job stands, as the command names it.</summary>
internal sealed class JobStatusConverter() : JsonStringEnumConverter<JobStatus>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);

/// <summary>Why something failed.</summary>
internal sealed class FailureKindConverter() : JsonStringEnumConverter<FailureKind>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);
