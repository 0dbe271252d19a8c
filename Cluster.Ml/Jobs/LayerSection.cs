using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Jobs;

/// <summary>Lists of layers within the key model: what a layer's own keys cannot say, because it is about several.</summary>
internal sealed class LayerSection
{
    /// <summary>A list of layers, for a message.</summary>
    public const string Example = "[ { dense: 64, activation: relu }, { dropout: 0.1 } ]";

    /// <summary>Branches may hold joins of branches, this deep.</summary>
    private const int DepthMax = 8;

    private readonly List<string> _names = [];
    private int _depth;

    /// <summary>The layers under a key.</summary>
    public static ValueList<LayerSpec> Read(JobMap map, string key) => new LayerSection().ReadList(map.List(key, JobDefaults.LayersMax, Example), map, map.PathOf(key));

    /// <summary>A list of layers so that it reads back as the same.</summary>
    public static string Write(IReadOnlyList<LayerSpec> layers) => $"[ {string.Join(", ", layers.Select(layer => $"{{ {Write(layer)} }}"))} ]";

    /// <summary>The branches under a key.</summary>
    public ValueList<BranchSpec> ReadBranches(JobMap map, string key)
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

    /// <summary>Branches so that they read back as the same.</summary>
    public static string Write(IReadOnlyList<BranchSpec> branches) =>
        $"[ {string.Join(", ", branches.Select(branch => branch.Source is { } name ? JobText.Quote(name) : Write(branch.Layers)))} ]";

    private static string Write(LayerSpec layer) =>
        string.Join(", ", new[] { LayerRegistry.Of(layer.Kind).Options.WriteLine(layer), LayerSpec.Common.WriteLine(layer) }.Where(line => line.Length > 0));

    private ValueList<LayerSpec> ReadList(IReadOnlyList<JobNode> items, JobMap within, string path)
    {
        List<LayerSpec> layers = [];
        for (int index = 0; index < items.Count; index++)
        {
            string name = $"{path}.{index}";
            if (items[index] is not JobNode.Mapping layer)
                within.Errors.Add(items[index].Place, $"{name} to be a mapping", items[index].Describe(), "write { dense: 64, activation: relu }");
            else if (ReadLayer(new JobMap(layer, name, within.Errors) { Layers = this }) is { } read)
                layers.Add(read);
        }
        return new ValueList<LayerSpec>(layers);
    }

    private LayerSpec? ReadLayer(JobMap map)
    {
        NamedChoice[] found = [.. LayerRegistry.All.Where(kind => map.Keys.Contains(kind.Name) && map.Has(kind.Name))];
        if (found is not [var kind, .. var others])
        {
            map.Errors.Add(map.Place, $"{map.Name} to have the key {string.Join(" or ", LayerRegistry.Names)}", "none of them", AdviceFor(map));
            CheckNames(map, (LayerSpec)LayerSpec.Common.Read(map, ""));
            return null;
        }
        foreach (NamedChoice other in others)
            map.Refuse(other.Name, $"beside {kind.Name}", $"write two layers: {{ {kind.Name}: … }}, {{ {other.Name}: … }}");
        LayerSpec own = ((LayerSpec)kind.Options.Read(map, "")).Expanded;
        LayerSpec layer = CheckNames(map, (LayerSpec)LayerSpec.Common.Read(map, "", own));
        map.Done();
        return layer;
    }

    /// <summary>A name that is written without a value, or one that is near what is written, or an example.</summary>
    private static string AdviceFor(JobMap map) =>
        map.Keys.FirstOrDefault(LayerRegistry.Names.Contains) is { } empty ? $"write a value after {empty}:, or remove the layer"
            : map.Keys.Select(key => Nearest.Find(key, LayerRegistry.Names)).FirstOrDefault(near => near is not null) is { } near ? $"did you mean '{near}'"
            : "write { dense: 64, activation: relu }";

    /// <summary>What a layer refers to stands before it, and its name is its own.</summary>
    private LayerSpec CheckNames(JobMap map, LayerSpec layer)
    {
        foreach ((string key, string? name) in new[] { ("from", layer.From), ("share", layer.Share) })
            if (name is not null && !_names.Contains(name)) map.Error(key, "the name of a layer before this one", Nearest.Advice(name, _names));
        if (layer.Name is not { } own) return layer;
        if (_names.Contains(own)) map.Error("name", "a name that no layer has yet", "each layer has a name of its own");
        _names.Add(own);
        return layer;
    }
}
