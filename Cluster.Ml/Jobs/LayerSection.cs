namespace Cluster.Ml.Jobs;

/// <summary>Lists of layers within the key model.</summary>
internal sealed class LayerSection
{
    /// <summary>Branches may hold joins of branches, this deep.</summary>
    private const int DepthMax = 8;

    private const string Example = "[ { dense: 64, activation: relu }, { dropout: 0.1 } ]";

    /// <summary>The key that says what a layer is, and what reads the rest of it.</summary>
    private static readonly KeyValuePair<string, Func<LayerSection, JobMap, LayerSpec>>[] s_kinds =
    [
        new("dense", (_, map) => new LayerSpec.Dense(
            map.Whole("dense", 64, 1, JobDefaults.UnitsMax), ReadActivation(map)) { Start = ReadStart(map) }),
        new("dropout", (_, map) => new LayerSpec.Dropout(map.Number("dropout", 0, value => value is >= 0 and < 1, "a share from 0, below 1"))),
        new("lstm", (_, map) => ReadRecurrent(map, "lstm")),
        new("rnn", (_, map) => ReadRecurrent(map, "rnn")),
        new("embedding", (_, map) => ReadEmbedding(map)),
        new("conv", (_, map) => ImageLayers.ReadConvolution(map)),
        new("max-pool", (_, map) => ImageLayers.ReadPooling(map, "max-pool")),
        new("mean-pool", (_, map) => ImageLayers.ReadPooling(map, "mean-pool")),
        new("inception", (_, map) => ImageLayers.ReadInception(map)),
        new("residual", (_, map) => ImageLayers.ReadResidual(map)),
        new("flatten", (_, map) => ImageLayers.ReadFlatten(map)),
        new("reshape", (_, map) => ImageLayers.ReadReshape(map)),
        new("activate", (_, map) => new LayerSpec.Activate(map.Word("activate", "relu", "relu", "tanh", "sigmoid", "leaky-relu", "softmax", "heaviside"))),
        new("concat", (section, map) => new LayerSpec.Join(false, section.ReadBranches(map, "concat"))),
        new("sum", (section, map) => new LayerSpec.Join(true, section.ReadBranches(map, "sum"))),
    ];

    private readonly List<string> _names = [];
    private int _depth;

    /// <summary>The layers under a key.</summary>
    public static ValueList<LayerSpec> Read(JobMap map, string key) => new LayerSection().ReadList(map.List(key, JobDefaults.LayersMax, Example), map, map.PathOf(key));

    /// <summary>The layers under a key that must be written; there may be none.</summary>
    public static ValueList<LayerSpec> ReadRequired(JobMap map, string key)
    {
        if (!map.Has(key)) map.Errors.Add(map.Place, $"{map.Name} to have the key '{key}'", "none", $"add {key}: {Example}");
        return Read(map, key);
    }

    private ValueList<LayerSpec> ReadList(IReadOnlyList<JobNode> items, JobMap within, string path)
    {
        List<LayerSpec> layers = [];
        for (int index = 0; index < items.Count; index++)
        {
            string name = $"{path}.{index}";
            if (items[index] is JobNode.Mapping layer)
                layers.Add(ReadLayer(new JobMap(layer, name, within.Errors)));
            else
                within.Errors.Add(items[index].Place, $"{name} to be a mapping", items[index].Describe(), "write { dense: 64, activation: relu }");
        }
        return new ValueList<LayerSpec>(layers);
    }

    private LayerSpec ReadLayer(JobMap map)
    {
        string known = string.Join(" or ", s_kinds.Select(kind => kind.Key));
        KeyValuePair<string, Func<LayerSection, JobMap, LayerSpec>>[] found = [.. s_kinds.Where(kind => map.Has(kind.Key))];
        LayerSpec layer = new LayerSpec.Dropout(0);
        if (found.Length == 0)
            map.Errors.Add(map.Place, $"{map.Name} to have the key {known}", "none of them", "write { dense: 64, activation: relu }");
        else
            layer = found[0].Value(this, map);
        foreach ((string key, _) in found.Skip(1)) map.Refuse(key, $"beside {found[0].Key}", $"write two layers: {{ {found[0].Key}: … }}, {{ {key}: … }}");
        layer = layer with { From = ReadReference(map, "from"), Share = ReadReference(map, "share"), Frozen = map.Flag("frozen", false), Name = ReadName(map) };
        if (found.Length > 0) map.Done();
        return layer;
    }

    /// <summary>The function after a layer's linear part.</summary>
    public static string ReadActivation(JobMap map) => map.Word("activation", "relu", "relu", "tanh", "sigmoid", "leaky-relu", "heaviside", "none");

    /// <summary>How a layer's weights start, or null.</summary>
    public static string? ReadStart(JobMap map) => map.Has("start") ? map.Word("start", "he", "he", "glorot", "orthogonal") : null;

    private static LayerSpec.Embedding ReadEmbedding(JobMap map)
    {
        if (!map.Has("tokens")) map.Errors.Add(map.Place, $"{map.Name} to have the key tokens", "none", "write { embedding: 16, tokens: 1000 }: tokens from 0 to 999");
        return new LayerSpec.Embedding(map.Whole("embedding", JobDefaults.Embedding, 1, JobDefaults.UnitsMax), map.Whole("tokens", 2, 1, 1 << 24));
    }

    private static LayerSpec.Recurrent ReadRecurrent(JobMap map, string cell) => new(
        cell, map.Whole(cell, JobDefaults.RecurrentUnits, 1, JobDefaults.RecurrentUnitsMax), map.Whole("time", 0, 1, JobDefaults.WindowMax),
        map.Word("output", "last", "last", "all") == "all");

    private string? ReadName(JobMap map)
    {
        if (map.Text("name", JobDefaults.LayerNameMax) is not { } name) return null;
        if (_names.Contains(name)) map.Error("name", "a name that no layer has yet", "each layer has a name of its own");
        _names.Add(name);
        return name;
    }

    private string? ReadReference(JobMap map, string key)
    {
        if (map.Text(key, JobDefaults.LayerNameMax) is not { } name) return null;
        if (_names.Contains(name)) return name;
        map.Error(key, "the name of a layer before this one", Nearest.Advice(name, _names));
        return null;
    }

    private ValueList<BranchSpec> ReadBranches(JobMap map, string key)
    {
        const string example = "[ [ { dense: 32 } ], [] ], or the names of layers";
        List<BranchSpec> branches = [];
        if (++_depth > DepthMax) map.Error(key, $"at most {DepthMax} joins within each other", "name layers and join them by name");
        IReadOnlyList<JobNode> items = _depth > DepthMax ? [] : map.List(key, JobDefaults.LayersMax, example);
        if (items.Count == 0 && _depth <= DepthMax) map.Error(key, "a list of branches", $"write {key}: {example}");
        for (int index = 0; index < items.Count; index++)
            switch (items[index])
            {
                case JobNode.Sequence branch:
                    branches.Add(new BranchSpec(null, ReadList(branch.Items, map, $"{map.PathOf(key)}.{index}")));
                    break;
                case JobNode.Scalar name when _names.Contains(name.Text):
                    branches.Add(new BranchSpec(name.Text, new ValueList<LayerSpec>([])));
                    break;
                case JobNode other:
                    map.Errors.Add(
                        other.Place, $"{map.PathOf(key)}.{index} to be a list of layers or the name of a layer before this one", other.Describe(),
                        $"write {key}: {example}");
                    break;
            }
        _depth--;
        return new ValueList<BranchSpec>(branches);
    }
}
