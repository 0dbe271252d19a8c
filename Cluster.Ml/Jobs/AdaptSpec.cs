using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn;

namespace Cluster.Ml.Jobs;

/// <summary>Domain adaptation of a network: what tells rows of one domain from rows of the other, and what the network is to hide from it.</summary>
/// <param name="From">The named layer whose output it reads; null for what the output layer reads.</param>
/// <param name="Layers">Its hidden layers.</param>
/// <param name="Weight">What the reversed gradient grows to; 0 leaves the network as if there were no other domain.</param>
public sealed record AdaptSpec(string? From, IReadOnlyList<LayerSpec> Layers, double Weight)
{
    /// <summary>A value of the key, for a message.</summary>
    internal const string Example = "{ layers: [ { dense: 64, activation: relu } ], weight: 1 }";

    /// <summary>The keys of model.adapt.</summary>
    internal static readonly KeySet<AdaptSpec> Declared = new KeySet<AdaptSpec>(new(null, new ValueList<LayerSpec>([]), 1))
        .Text(
            "from", "The named layer whose output is to hide the domain.", o => o.From, (o, value) => o with { From = value }, JobDefaults.LayerNameMax,
            "what the output layer reads")
        .Layers("layers", "Hidden layers of what tries to tell the domains apart.", o => o.Layers, (o, value) => o with { Layers = value }, required: false)
        .Number(
            "weight", "What the reversed gradient grows to; 0 leaves the network as if there were no other domain.", o => o.Weight,
            (o, value) => o with { Weight = value }, NumberRange.Between(0, 100));

    /// <summary>Reports an error if the layer that it begins at is none of these.</summary>
    internal void CheckFrom(JobMap model, IReadOnlyList<LayerSpec> layers)
    {
        string[] names = [.. LayerPlan.NamesOf(layers)];
        if (From is not null && !names.Contains(From) && model.Map("adapt", Example) is { } map)
            map.Error("from", "the name of a layer of model.layers", Nearest.Advice(From, names));
    }
}
