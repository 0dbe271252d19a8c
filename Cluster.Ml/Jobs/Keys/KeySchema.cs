using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Jobs.Keys;

/// <summary>The JSON Schema of the job file, made of its keys: for editors, and for programs that write jobs.</summary>
/// <remarks>
/// Range    a job that is read without an error fits it, but for null, which removes a key; what one key says of another it does not know
/// Source   JSON Schema, draft 2020-12
/// </remarks>
public static class KeySchema
{
    private const string LayersReference = "#/$defs/layers", BranchesReference = "#/$defs/branches";

    private static readonly JsonSerializerOptions s_pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as text.</summary>
    public static string Write() => Create().ToJsonString(s_pretty) + "\n";

    /// <summary>The schema.</summary>
    public static JsonObject Create()
    {
        JsonObject schema = new() { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = "A job of Cluster" };
        foreach ((string key, JsonNode? value) in Mapping(JobKeys.Root).ToArray()) schema[key] = value?.DeepClone();
        schema["$defs"] = new JsonObject
        {
            ["layer"] = new JsonObject { ["type"] = "object", ["anyOf"] = Array(LayerRegistry.All.Select(Layer)) },
            ["layers"] = List(Reference("#/$defs/layer"), 0, JobDefaults.LayersMax),
            ["branches"] = List(AnyOf(Reference(LayersReference), new JsonObject { ["type"] = "string" }), 1, JobDefaults.LayersMax),
        };
        return schema;
    }

    private static JsonObject Of(JobKey key)
    {
        JsonObject schema = ValueOf(key);
        schema["description"] = key.Meaning + (key.Otherwise is { } otherwise ? $" Without it: {otherwise}." : "");
        if (key.Default is not null && DefaultOf(key) is { } usual) schema["default"] = usual;
        return schema;
    }

    private static JsonObject ValueOf(JobKey key) => key.Kind switch
    {
        KeyKind.Whole when key.PowersOfTwo => Values(Powers(key.Numbers!).Select(value => (JsonNode)value)),
        KeyKind.Whole when key.Words.Count > 0 => AnyOf(Words(key.Words), Range("integer", key.Numbers!)),
        KeyKind.Whole => Range("integer", key.Numbers!),
        KeyKind.Number when key.Words.Count > 0 => AnyOf(Words(key.Words), Range("number", key.Numbers!)),
        KeyKind.Number => Range("number", key.Numbers!),
        KeyKind.Flag => new JsonObject { ["type"] = "boolean" },
        KeyKind.Word => Words(key.Words),
        KeyKind.Text or KeyKind.Path => Text(key.Items!, key.Pattern),
        KeyKind.Names => List(Scalar(), key.Items!.Least, key.Items.Most),
        KeyKind.Sizes => OneOrList(Range("integer", key.Numbers!), key.Items!),
        KeyKind.Bounds => List(OneOrList(new JsonObject { ["type"] = "number" }, key.Items!), 2, 2),
        KeyKind.Layers => Reference(LayersReference),
        KeyKind.Branches => Reference(BranchesReference),
        KeyKind.Named => OrWords(key, [new JsonObject { ["type"] = "object" }]),
        KeyKind.Section when key.Choices.Count > 0 => Kinds(key),
        KeyKind.Section => OrWords(key, [Mapping(key.Keys)]),
        KeyKind.Choice => OrWords(key, Chosen(key)),
        KeyKind.Form => OrWords(key, key.Choices.Select(form => Mapping(form.Keys))),
        _ => throw new InvalidOperationException($"KeySchema: wanted a kind of key that it knows, got {key.Kind}."),
    };

    private static JsonObject Mapping(IEnumerable<JobKey> keys) => Object(
        keys.Select(key => KeyValuePair.Create(key.Name, Of(key))), keys.Where(key => key is { Required: true, Where: null }).Select(key => key.Name));

    /// <summary>A mapping of one of some words to its keys, and what may stand beside it.</summary>
    private static IEnumerable<JsonObject> Chosen(JobKey key)
    {
        KeyValuePair<string, JsonObject>[] Beside() => [.. key.Keys.Select(beside => KeyValuePair.Create(beside.Name, Of(beside)))];
        foreach (NamedChoice choice in key.Choices.Where(choice => !choice.WordOnly))
        {
            JsonObject own = Mapping(choice.Keys);
            own["description"] = choice.Meaning;
            yield return Object([KeyValuePair.Create(choice.Name, own), .. Beside()], [choice.Name]);
        }
        if (key.Keys.Count > 0) yield return Object(Beside(), key.Keys.Select(beside => beside.Name));
    }

    /// <summary>A mapping whose keys depend on which of some words one of them is.</summary>
    private static JsonObject Kinds(JobKey key)
    {
        JobKey kind = key.Keys[0];
        JsonObject schema = new() { ["type"] = "object", ["properties"] = new JsonObject { [kind.Name] = Of(kind) }, ["required"] = new JsonArray(kind.Name) };
        schema["allOf"] = Array(key.Choices.Select(choice => new JsonObject
        {
            ["if"] = new JsonObject { ["properties"] = new JsonObject { [kind.Name] = new JsonObject { ["const"] = choice.Name } } },
            ["then"] = Mapping([kind, .. choice.Keys]),
        }));
        return schema;
    }

    private static JsonObject Layer(NamedChoice layer)
    {
        JsonObject schema = Mapping([.. layer.Keys, .. JobKeys.OfLayers]);
        schema["description"] = layer.Meaning;
        return schema;
    }

    private static JsonObject Object(IEnumerable<KeyValuePair<string, JsonObject>> properties, IEnumerable<string> required)
    {
        JsonObject schema = new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(properties.Select(property => KeyValuePair.Create(property.Key, (JsonNode?)property.Value))),
            ["additionalProperties"] = false,
        };
        if (Array(required.Select(name => (JsonNode)name)) is { Count: > 0 } names) schema["required"] = names;
        return schema;
    }

    private static JsonObject OrWords(JobKey key, IEnumerable<JsonObject> mappings)
    {
        JsonObject[] all = key.Words.Count > 0 ? [Words(key.Words), .. mappings] : [.. mappings];
        return all is [var only] ? only : AnyOf(all);
    }

    private static JsonObject Range(string type, NumberRange range)
    {
        JsonObject schema = new() { ["type"] = type };
        if (double.IsFinite(range.Least)) schema[range.LeastExcluded ? "exclusiveMinimum" : "minimum"] = Number(range.Least);
        if (double.IsFinite(range.Most)) schema[range.MostExcluded ? "exclusiveMaximum" : "maximum"] = Number(range.Most);
        return schema;
    }

    private static JsonValue Number(double value) => value == Math.Floor(value) && Math.Abs(value) <= ulong.MaxValue
        ? JsonValue.Create(value < 0 ? (decimal)value : value >= ulong.MaxValue ? ulong.MaxValue : (decimal)value)
        : JsonValue.Create(value);

    private static JsonObject OneOrList(JsonObject item, CountRange items) => items.OneForAll
        ? AnyOf(item, List(item.DeepClone().AsObject(), items.Least, items.Most))
        : List(item, items.Least, items.Most);

    private static JsonObject List(JsonObject item, int least, int most) =>
        new() { ["type"] = "array", ["items"] = item, ["minItems"] = least, ["maxItems"] = most };

    private static JsonObject Text(CountRange characters, string? pattern)
    {
        JsonObject schema = Scalar();
        (schema["minLength"], schema["maxLength"]) = (characters.Least, characters.Most);
        if (pattern is not null) schema["pattern"] = pattern;
        return schema;
    }

    /// <summary>A text, which may be written without quotes even if it looks like a number.</summary>
    private static JsonObject Scalar() => new() { ["type"] = Array(["string", "number", "boolean"]) };

    private static JsonObject Words(IEnumerable<string> words) => Values(words.Select(word => (JsonNode)word));

    private static JsonObject Values(IEnumerable<JsonNode> values) => new() { ["enum"] = Array(values) };

    private static JsonObject AnyOf(params JsonObject[] schemas) => new() { ["anyOf"] = Array(schemas) };

    private static JsonObject Reference(string to) => new() { ["$ref"] = to };

    private static JsonArray Array(IEnumerable<JsonNode> items) => new([.. items]);

    private static IEnumerable<int> Powers(NumberRange range)
    {
        for (int value = 1; value <= range.Most; value *= 2)
            if (value >= range.Least) yield return value;
    }

    private static JsonValue? DefaultOf(JobKey key) => key.Kind switch
    {
        KeyKind.Whole or KeyKind.Sizes => NumberText.TryRead(key.Default, out double whole) ? Number(whole) : null,
        KeyKind.Number when key.Words.Contains(key.Default) => JsonValue.Create(key.Default!),
        KeyKind.Number => NumberText.TryRead(key.Default, out double number) ? JsonValue.Create(number) : null,
        KeyKind.Flag => JsonValue.Create(key.Default == "true"),
        _ => JsonValue.Create(key.Default!),
    };
}
