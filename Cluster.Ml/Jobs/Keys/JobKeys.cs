using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Jobs.Keys;

/// <summary>Every key of the job file: what the page of keys, `explain` and the schema are made of.</summary>
public static class JobKeys
{
    /// <summary>Where the keys of layers begin; layers stand in several lists.</summary>
    public const string Layers = "layers";

    /// <summary>The keys of the job itself.</summary>
    public static IReadOnlyList<JobKey> Root => JobSpec.Declared.Keys;

    /// <summary>The keys that every layer has.</summary>
    public static IReadOnlyList<JobKey> OfLayers => LayerSpec.Common.Keys;

    /// <summary>All of them, those of a mapping after its own.</summary>
    public static IReadOnlyList<KeyPlace> All { get; } = [.. Merged(Below("", Root, null).Concat(OfEachLayer()))];

    /// <summary>The keys that a person may mean: the one of this path, or all whose path ends so.</summary>
    public static IReadOnlyList<KeyPlace> Find(string path)
    {
        KeyPlace[] exact = [.. All.Where(place => place.Path == path)];
        return exact.Length > 0 ? exact : [.. All.Where(place => place.Path.EndsWith($".{path}", StringComparison.Ordinal))];
    }

    /// <summary>What to do about a key that there is none of: the nearest ones, or if all of them are.</summary>
    public static string AdviceFor(string path)
    {
        string last = path[(path.LastIndexOf('.') + 1)..];
        string? near = Nearest.Find(last, [.. All.Select(place => place.Key.Name).Distinct()]);
        return near is null
            ? "`cluster explain` without a key lists them"
            : $"did you mean {string.Join(" or ", Find(near).Select(place => place.Path).Distinct())}";
    }

    private static IEnumerable<KeyPlace> Below(string path, IReadOnlyList<JobKey> keys, string? of)
    {
        foreach (JobKey key in keys)
        {
            string own = path.Length == 0 ? key.Name : $"{path}.{key.Name}";
            yield return new KeyPlace(own, key, key.Where ?? of);
            foreach (KeyPlace place in Within(own, key)) yield return place;
        }
    }

    private static IEnumerable<KeyPlace> Within(string path, JobKey key) => Below(path, key.Keys, null).Concat(key.Choices.SelectMany(choice => key.Kind switch
    {
        KeyKind.Choice => Below($"{path}.{choice.Name}", choice.Keys, null),
        KeyKind.Form => Below(path, choice.Keys, $"with {choice.Name}"),
        _ => Below(path, choice.Keys, choice.Name),
    }));

    private static IEnumerable<KeyPlace> OfEachLayer() => LayerRegistry.All.SelectMany(layer => Below($"{Layers}.{layer.Name}", layer.Keys, null))
        .Concat(Below(Layers, OfLayers, null));

    /// <summary>A key that several kinds have, and that means the same in all, once.</summary>
    private static IEnumerable<KeyPlace> Merged(IEnumerable<KeyPlace> places) =>
        from place in places
        group place by (place.Path, place.Key.Meaning, place.Takes, place.Default) into same
        let of = same.Select(place => place.Of).Distinct().ToArray()
        select new KeyPlace(same.Key.Path, same.First().Key, of is [null] ? null : string.Join(", ", of));
}
