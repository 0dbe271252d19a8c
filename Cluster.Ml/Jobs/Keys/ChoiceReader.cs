namespace Cluster.Ml.Jobs.Keys;

/// <summary>Reads values that are a word, or a mapping of that word to its keys.</summary>
internal static class ChoiceReader
{
    /// <summary>The choice that is written, and its own mapping; null if none is written, or a wrong one.</summary>
    /// <param name="map">The mapping around it.</param>
    /// <param name="key">The key.</param>
    /// <param name="known">The choices.</param>
    /// <param name="example">A value, for a message.</param>
    /// <param name="beside">Keys that may stand beside the word; if there are any, the word cannot stand alone.</param>
    public static (NamedChoice? Choice, JobMap Inner) Read(JobMap map, string key, IReadOnlyList<NamedChoice> known, string example, params string[] beside)
    {
        JobMap nothing = new(new JobNode.Mapping(map.Place), map.PathOf(key), map.Errors);
        JobNode? node = map.Node(key);
        if (node is null) return (null, nothing);
        if (node is JobNode.Scalar { Text: var word } && beside.Length == 0)
        {
            if (NamedChoice.Find(known, word) is { } named) return (named, nothing);
            string[] names = [.. known.Select(choice => choice.Name)];
            map.Error(key, string.Join(" or ", names), Nearest.Find(word, names) is null ? $"write {key}: {example}" : Nearest.Advice(word, names));
            return (null, nothing);
        }
        if (map.Map(key, example) is not { } one || One(map, one, key, known, example, beside) is not { } choice) return (null, nothing);
        return (choice, one.Map(choice.Name, KeysOf(choice)) ?? nothing);
    }

    /// <summary>The options that the choice's mapping writes.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="map">Its mapping.</param>
    /// <param name="defaults">What stands for what is left out; null for the choice's own.</param>
    public static T ReadOptions<T>(NamedChoice choice, JobMap map, T? defaults = null)
        where T : class
    {
        T options = (T)choice.Options.Read(map, "", defaults);
        map.Done();
        return options;
    }

    /// <summary>A value, for a message: '{ sgd: { rate: 0.1 } }'.</summary>
    public static string ExampleOf(NamedChoice choice) => $"{{ {choice.Name}: {KeysOf(choice)} }}";

    /// <summary>The values that such a key takes, in words.</summary>
    public static string RangeOf(IReadOnlyList<NamedChoice> known, bool alone)
    {
        string names = string.Join(", ", known.Select(choice => choice.Name));
        return alone ? $"one of {names}, or a mapping of it to its keys" : $"a mapping of one of {names} to its keys";
    }

    /// <summary>The one choice that a mapping has, or null; every other key but those beside it is an error.</summary>
    private static NamedChoice? One(JobMap map, JobMap one, string key, IReadOnlyList<NamedChoice> known, string example, string[] beside)
    {
        NamedChoice[] mappings = [.. known.Where(choice => !choice.WordOnly)];
        string[] keys = [.. one.Keys.Except(beside)];
        if (keys.Length != 1)
        {
            string[] names = [.. mappings.Select(choice => choice.Name)];
            map.Error(
                key, $"exactly one of {string.Join(names.Length == 2 ? " and " : ", ", names)}", keys.Length == 0 ? "none" : string.Join(" and ", keys),
                $"write {key}: {example}");
            return null;
        }
        foreach (string name in mappings.Select(choice => choice.Name).Concat(beside)) one.Know(name);
        one.Done();
        return NamedChoice.Find(mappings, keys[0]);
    }

    private static string KeysOf(NamedChoice choice) =>
        choice.Keys.FirstOrDefault(key => key.Default is not null) is { } key ? $"{{ {key.Name}: {key.Default} }}" : "{ }";
}
