namespace Cluster.Ml.Jobs;

/// <summary>The key model.</summary>
internal static class ModelSection
{
    private static readonly ValueList<LayerSpec> s_noLayers = new([]);

    public static ModelSpec Read(JobMap map)
    {
        string kind = "";
        if (map.Has("kind"))
            kind = map.Word("kind", "", [.. ModelKinds.All]);
        else
            map.Faults.Add(map.Place, "model to have the key 'kind'", "none", $"add kind: and one of {string.Join(", ", ModelKinds.All)}");
        ValueList<LayerSpec> layers = s_noLayers;
        if (kind is ModelKinds.Mlp or "")
            layers = ReadLayers(map, kind.Length > 0);
        else
            map.Refuse("layers", $"with kind: {kind}", "only mlp has hidden layers; remove it or write kind: mlp");
        if (kind is not (ModelKinds.KMeans or ""))
            foreach (string key in new[] { "clusters", "restarts", "start" })
                map.Refuse(key, $"with kind: {kind}", "only kmeans has it; remove it");
        bool means = kind is ModelKinds.KMeans;
        int clusters = means ? map.Whole("clusters", JobDefaults.Clusters, 1, JobDefaults.UnitsMax) : 0;
        int restarts = means ? map.Whole("restarts", JobDefaults.Restarts, 1, 1000) : 0;
        string start = means ? map.Word("start", "plus-plus", "plus-plus", "random") : "plus-plus";
        if (kind.Length == 0)
            foreach (string key in new[] { "clusters", "restarts", "start" }) map.Has(key);
        map.Done();
        return new ModelSpec(kind, layers, clusters, restarts, start);
    }

    private static ValueList<LayerSpec> ReadLayers(JobMap map, bool required)
    {
        const string example = "[ { dense: 64, activation: relu }, { dropout: 0.1 } ]";
        if (required && !map.Has("layers"))
            map.Faults.Add(map.Place, "an mlp to have the key 'layers'", "none", $"add layers: {example}");
        List<LayerSpec> layers = [];
        int index = 0;
        foreach (JobNode item in map.List("layers", JobDefaults.LayersMax, example))
        {
            string name = $"model.layers.{index++}";
            if (item is JobNode.Mapping layer)
                layers.Add(ReadLayer(new JobMap(layer, name, map.Faults)));
            else
                map.Faults.Add(item.Place, $"{name} to be a mapping", item.Describe(), "write { dense: 64, activation: relu }");
        }
        return new ValueList<LayerSpec>(layers);
    }

    private static LayerSpec ReadLayer(JobMap map)
    {
        LayerSpec layer;
        if (map.Has("dropout"))
        {
            map.Refuse("dense", "beside dropout", "write two layers: { dense: … }, { dropout: … }");
            map.Refuse("activation", "beside dropout", "write it with the dense layer");
            layer = new LayerSpec.Dropout(map.Number("dropout", 0, value => value is >= 0 and < 1, "a share from 0, below 1"));
        }
        else
        {
            if (!map.Has("dense"))
                map.Faults.Add(map.Place, $"{map.Name} to have the key dense or dropout", "neither", "write { dense: 64, activation: relu }");
            layer = new LayerSpec.Dense(
                map.Whole("dense", 64, 1, JobDefaults.UnitsMax),
                map.Word("activation", "relu", "relu", "tanh", "sigmoid", "leaky-relu", "none"));
        }
        map.Done();
        return layer;
    }
}
