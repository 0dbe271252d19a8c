using System.Globalization;

namespace Cluster.Ml.Jobs;

/// <summary>The key model.adapt, which belongs to data.adapt-to.</summary>
internal static class AdaptSection
{
    /// <summary>How it is written.</summary>
    public const string Example = "{ layers: [ { dense: 64, activation: relu } ], weight: 1 }";

    private const double Weight = 1, WeightMax = 100;

    /// <summary>The adaptation, or null.</summary>
    public static AdaptSpec? Read(JobMap model, IReadOnlyList<LayerSpec> layers)
    {
        if (model.Map("adapt", Example) is not { } map) return null;
        string[] names = [.. NamesOf(layers)];
        string? from = map.Text("from", JobDefaults.LayerNameMax);
        if (from is not null && !names.Contains(from)) map.Error("from", "the name of a layer of model.layers", Nearest.Advice(from, names));
        AdaptSpec adapt = new(
            from, LayerSection.Read(map, "layers"), map.Number("weight", Weight, value => value is >= 0 and <= WeightMax, $"a number from 0 to {WeightMax}"));
        map.Done();
        return adapt;
    }

    /// <summary>Notes where one of the two keys stands without the other, or with what does not go with it.</summary>
    public static void Check(JobMap data, JobMap model, DataSpec read, ModelSpec learned, bool isPrivate)
    {
        AdaptSpec? adapt = learned.Options.Adaptation;
        if (read.AdaptTo is null && adapt is not null)
            model.Refuse("adapt", "without data.adapt-to", "name the rows of the other domain by data.adapt-to");
        if (read.AdaptTo is not null && adapt is null)
            data.Refuse("adapt-to", "without model.adapt", $"write adapt: {Example} under model");
        if (isPrivate && adapt is not null)
            model.Refuse("adapt", "with privacy", "the accountant knows rows of one domain only; remove one of them");
    }

    /// <summary>The value of the key.</summary>
    public static string Write(AdaptSpec adapt) =>
        $"{{ {(adapt.From is { } from ? $"from: {JobText.Quote(from)}, " : "")}layers: {LayerText.Write(adapt.Layers)}, weight: {adapt.Weight.ToString("R", CultureInfo.InvariantCulture)} }}";

    private static IEnumerable<string> NamesOf(IEnumerable<LayerSpec> layers) => layers.SelectMany(layer =>
        (layer.Name is { } name ? [name] : Enumerable.Empty<string>())
            .Concat(layer is LayerSpec.Join join ? join.Branches.SelectMany(branch => NamesOf(branch.Layers)) : []));
}
