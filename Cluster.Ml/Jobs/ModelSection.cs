using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>The key model: a kind, and the keys that this kind declares.</summary>
internal static class ModelSection
{
    private const string Kind = "kind";

    /// <summary>The model, and its kind where that is known.</summary>
    public static (ModelSpec Model, LearnerKind? Kind) Read(JobMap map, string baseDirectory)
    {
        LearnerKind? kind = ReadKind(map);
        ModelOptions options = ModelOptions.None;
        foreach (string key in map.Keys) Judge(map, key, kind);
        if (kind is not null) options = (ModelOptions)kind.Options.Read(map, baseDirectory);
        map.Done();
        return (new ModelSpec(kind?.Name ?? "", options), kind);
    }

    private static LearnerKind? ReadKind(JobMap map)
    {
        if (map.Has(Kind)) return LearnerRegistry.Find(map.Word(Kind, "", [.. LearnerRegistry.Names]));
        map.Errors.Add(map.Place, "model to have the key 'kind'", "none", $"add kind: and one of {string.Join(", ", LearnerRegistry.Names)}");
        return null;
    }

    /// <summary>Refuses a key that belongs to other kinds; where the kind is not known, so are all keys.</summary>
    private static void Judge(JobMap map, string key, LearnerKind? kind)
    {
        if (key == Kind || (kind is not null && Find(kind, key) is not null)) return;
        if (LearnerRegistry.All.Select(other => Find(other, key)).FirstOrDefault(known => known is not null) is not { } foreign) return;
        if (kind is null)
        {
            map.Know(key);
            return;
        }
        int count = LearnerRegistry.All.Count(other => Find(other, key) is not null);
        string owners = LearnerRegistry.NamesWhere(other => Find(other, key) is not null);
        map.Refuse(key, $"with kind: {kind.Name}", $"only {owners} {(count == 1 ? "has" : "have")} {foreign.Has}; remove it");
    }

    private static JobKey? Find(LearnerKind kind, string key) => kind.Keys.FirstOrDefault(known => known.Name == key);
}
