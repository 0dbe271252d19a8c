namespace Cluster.Ml.Jobs;

/// <summary>The key data.scale: a word, or bounds that are given and not looked for in the rows.</summary>
internal static class ScaleSection
{
    /// <summary>The values that it takes, in words.</summary>
    public const string Range = "none, standard, minmax, unit255, or { minmax: [ 0, 16 ] } with known bounds";

    private const string Key = "scale", Example = "{ minmax: [ 0, 16 ] }, or a list of lower and one of upper bounds";

    private static readonly KeyValuePair<string, ScaleKind>[] s_words =
        [new("none", ScaleKind.None), new("standard", ScaleKind.Standard), new("minmax", ScaleKind.MinMax), new("unit255", ScaleKind.Unit255)];

    /// <summary>The words that it takes.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. s_words.Select(word => word.Key)];

    /// <summary>The data with the scaling that is written.</summary>
    public static DataSpec Read(JobMap data, DataSpec options)
    {
        if (data.Node(Key) is not JobNode.Mapping) return options with { Scale = data.Choice(Key, options.Scale, s_words) };
        JobMap map = data.Map(Key, Example)!;
        ScaleBounds bounds = (ScaleBounds)ScaleBounds.Declared.Options.Read(map, "");
        map.Done();
        if (bounds.AreSound) return options with { Scale = ScaleKind.MinMax, Bounds = bounds };
        if (map.Has(ScaleBounds.Declared.Name)) data.Error(Key, "minmax of a lower bound and an upper bound above it, or of as many of each as there are columns", $"write scale: {Example}");
        return options;
    }

    /// <summary>As it is read back.</summary>
    public static string Write(DataSpec data) => data.Bounds is { } bounds
        ? $"{{ {ScaleBounds.Declared.Options.WriteLine(bounds)} }}"
        : s_words.First(word => word.Value == data.Scale).Key;
}
