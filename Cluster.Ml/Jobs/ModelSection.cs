namespace Cluster.Ml.Jobs;

/// <summary>The key model.</summary>
internal static class ModelSection
{
    private static readonly ValueList<LayerSpec> s_noLayers = new([]);

    public static ModelSpec Read(JobMap map, string baseDirectory)
    {
        string kind = "";
        if (map.Has("kind"))
            kind = map.Word("kind", "", [.. ModelKinds.All]);
        else
            map.Faults.Add(map.Place, "model to have the key 'kind'", "none", $"add kind: and one of {string.Join(", ", ModelKinds.All)}");
        ValueList<LayerSpec> layers = s_noLayers;
        if (kind.Length == 0 || ModelKinds.HasLayers(kind))
            layers = ReadLayers(map, kind.Length > 0);
        else
            map.Refuse("layers", $"with kind: {kind}", "only mlp and cnn have hidden layers; remove it or write kind: mlp");
        if (kind is not (ModelKinds.KMeans or ""))
            foreach (string key in new[] { "clusters", "restarts", "start" })
                map.Refuse(key, $"with kind: {kind}", "only kmeans has it; remove it");
        bool means = kind is ModelKinds.KMeans;
        int clusters = means ? map.Whole("clusters", JobDefaults.Clusters, 1, JobDefaults.UnitsMax) : 0;
        int restarts = means ? map.Whole("restarts", JobDefaults.Restarts, 1, 1000) : 0;
        string start = means ? map.Word("start", "plus-plus", "plus-plus", "random") : "plus-plus";
        if (kind.Length == 0)
            foreach (string key in new[] { "clusters", "restarts", "start" }) map.Has(key);
        LanguageSpec? language = kind is ModelKinds.LanguageModel ? LanguageSection.Read(map) : null;
        GenerativeSpec? generative = GenerativeSection.Read(map, kind);
        if (kind.Length == 0) EmbeddingSection.Know(map);
        EmbeddingSpec? embedding = kind is ModelKinds.Word2Vec ? EmbeddingSection.Read(map) : null;
        bool regresses = ReadTask(map, kind);
        string? startFrom = ReadStart(map, kind, baseDirectory);
        AdaptSpec? adapt = AdaptSection.Read(map, kind, layers);
        map.Done();
        return new ModelSpec(kind, layers, clusters, restarts, start) { Language = language, Embedding = embedding, Regresses = regresses, StartFrom = startFrom, Generative = generative, Adapt = adapt };
    }

    /// <summary>Whether an mlp foretells numbers.</summary>
    private static bool ReadTask(JobMap map, string kind)
    {
        if (kind is ModelKinds.Mlp or "") return map.Word("task", "classification", "classification", "regression") == "regression";
        map.Refuse("task", $"with kind: {kind}", "only mlp has it; remove it");
        return false;
    }

    private static string? ReadStart(JobMap map, string kind, string baseDirectory)
    {
        if (kind.Length > 0 && !ModelKinds.HasLayers(kind)) map.Refuse("start-from", $"with kind: {kind}", "only mlp and cnn have it; remove it");
        return map.Text("start-from", JobDefaults.PathMax) is { } path ? Path.GetFullPath(path, baseDirectory) : null;
    }

    private static ValueList<LayerSpec> ReadLayers(JobMap map, bool required)
    {
        const string example = "[ { dense: 64, activation: relu }, { dropout: 0.1 } ]";
        if (required && !map.Has("layers"))
            map.Faults.Add(map.Place, "a network to have the key 'layers'", "none", $"add layers: {example}");
        return LayerSection.Read(map, "layers");
    }
}
