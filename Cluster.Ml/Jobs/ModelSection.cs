using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>The key model: a kind, and the keys that this kind declares.</summary>
internal static class ModelSection
{
    private const string Kind = "kind";

    private static readonly KeySet<ModelSpec> s_kind = new KeySet<ModelSpec>(new("", ModelOptions.None))
        .Word(Kind, "What kind of model is learned.", o => o.Kind, (o, value) => o with { Kind = value }, LearnerRegistry.Names)
        .Required($"and one of {string.Join(", ", LearnerRegistry.Names)}");

    /// <summary>The key that every model has.</summary>
    public static JobKey KindKey => s_kind.Keys[0];

    /// <summary>The kinds, each with its keys.</summary>
    public static IReadOnlyList<NamedChoice> Choices { get; } =
        [.. LearnerRegistry.All.Select(kind => new NamedChoice(kind.Name, kind.Meaning, kind.Options))];

    /// <summary>The model, and its kind if that is known.</summary>
    public static (ModelSpec Model, LearnerKind? Kind) Read(JobMap map, string baseDirectory)
    {
        ModelSpec model = (ModelSpec)s_kind.Read(map, baseDirectory);
        LearnerKind? kind = LearnerRegistry.Find(model.Kind);
        foreach (string key in map.Keys) Judge(map, key, kind);
        if (kind is not null) model = model with { Options = (ModelOptions)kind.Options.Read(map, baseDirectory) };
        map.Done();
        return (model, kind);
    }

    /// <summary>The lines of the effective job.</summary>
    public static string WriteLines(JobSpec job) => s_kind.WriteLines(job.Model, 1) + job.Learner.Options.WriteLines(job.Model.Options, 1);

    /// <summary>Refuses a key that belongs to other kinds; if the kind is not known, no key is.</summary>
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
