using YamlDotNet.RepresentationModel;

namespace Cluster.EndToEnd.Tests.Deployment;

/// <summary>YAML as dictionaries, lists and text, with its aliases and merge keys put in.</summary>
internal static class YamlTree
{
    private const string MergeKey = "<<";

    /// <summary>Every document of a text.</summary>
    public static IReadOnlyList<Dictionary<string, object>> Documents(string text)
    {
        YamlStream stream = new();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => (Dictionary<string, object>)Of(document.RootNode))];
    }

    /// <summary>What is at a path of keys; null if nothing is.</summary>
    public static object? At(this Dictionary<string, object> tree, params string[] path) =>
        path.Aggregate((object?)tree, (found, key) => (found as Dictionary<string, object>)?.GetValueOrDefault(key));

    /// <summary>The mappings of the list at a path.</summary>
    public static IEnumerable<Dictionary<string, object>> ListAt(this Dictionary<string, object> tree, params string[] path) =>
        (tree.At(path) as List<object> ?? []).OfType<Dictionary<string, object>>();

    /// <summary>The second laid over the first, as compose does: mappings key by key, lists one behind the other, other values replaced.</summary>
    public static object Merged(object first, object second)
    {
        if (first is List<object> list && second is List<object> more) return list.Concat(more).ToList();
        if (first is not Dictionary<string, object> map || second is not Dictionary<string, object> over) return second;
        Dictionary<string, object> merged = new(map);
        foreach ((string key, object value) in over) merged[key] = merged.TryGetValue(key, out object? known) ? Merged(known, value) : value;
        return merged;
    }

    private static object Of(YamlNode node) => node switch
    {
        YamlMappingNode map => Mapping(map),
        YamlSequenceNode list => list.Select(Of).ToList(),
        _ => ((YamlScalarNode)node).Value ?? "",
    };

    private static Dictionary<string, object> Mapping(YamlMappingNode map)
    {
        Dictionary<string, object> entries = [];
        foreach ((YamlNode key, YamlNode value) in map.Where(pair => KeyOf(pair.Key) == MergeKey).Concat(map.Where(pair => KeyOf(pair.Key) != MergeKey)))
        {
            if (KeyOf(key) != MergeKey) entries[KeyOf(key)] = Of(value);
            else foreach ((string name, object inherited) in (Dictionary<string, object>)Of(value)) entries[name] = inherited;
        }
        return entries;
    }

    private static string KeyOf(YamlNode key) => ((YamlScalarNode)key).Value!;
}
