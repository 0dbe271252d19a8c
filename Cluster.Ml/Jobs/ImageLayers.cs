namespace Cluster.Ml.Jobs;

/// <summary>Reads layers that look at images, and blocks of them.</summary>
internal static class ImageLayers
{
    private const int InceptionPaths = 6;

    public static LayerSpec ReadConvolution(JobMap map) => new LayerSpec.Convolution(
        map.Whole("conv", 32, 1, JobDefaults.UnitsMax), ReadWindow(map, "size", 3, overlaps: true), LayerSection.ReadActivation(map))
    { Start = LayerSection.ReadStart(map) };

    public static LayerSpec ReadPooling(JobMap map, string key) => new LayerSpec.Pooling(key == "max-pool", ReadWindow(map, key, 2, overlaps: false));

    public static LayerSpec ReadFlatten(JobMap map)
    {
        if (!map.Flag("flatten", true)) map.Error("flatten", "true", "write { flatten: true }, or remove the layer");
        return new LayerSpec.Reshape(new ValueList<int>([]));
    }

    public static LayerSpec ReadReshape(JobMap map) =>
        new LayerSpec.Reshape(new ValueList<int>(ReadSizes(map, "reshape", 3, JobDefaults.UnitsMax, "[ 28, 28, 1 ]: height, width, channels") ?? [1, 1, 1]));

    /// <summary>Four paths side by side: 1×1; 1×1 and 3×3; 1×1 and 5×5; pooling and 1×1.</summary>
    /// <remarks>Source  Szegedy et al., "Going Deeper with Convolutions" (2015), figure 2(b)</remarks>
    public static LayerSpec ReadInception(JobMap map)
    {
        const string example = "[ 16, 16, 24, 4, 8, 8 ]: filters of 1x1, before 3x3, 3x3, before 5x5, 5x5, after pooling";
        int[] f = ReadSizes(map, "inception", InceptionPaths, JobDefaults.UnitsMax, example) ?? [1, 1, 1, 1, 1, 1];
        return Join(adds: false, [Filters(f[0], 1)], [Filters(f[1], 1), Filters(f[2], 3)], [Filters(f[3], 1), Filters(f[4], 5)],
            [new LayerSpec.Pooling(true, new WindowSpec(3, 3, 1, true)), Filters(f[5], 1)]);
    }

    /// <summary>y = x + F(x), F two convolutions of 3×3, each after a rectifier; with a stride, projected, or of other channels than F(x), x passes a 1×1 convolution.</summary>
    /// <remarks>Source  He, Zhang, Ren, Sun, "Identity Mappings in Deep Residual Networks" (2016), figure 4(e), without normalisation; projection: <see cref="Nn.LayerPlan"/></remarks>
    public static LayerSpec ReadResidual(JobMap map)
    {
        int filters = map.Whole("residual", 32, 1, JobDefaults.UnitsMax), stride = map.Whole("stride", 1, 1, JobDefaults.FilterMax);
        bool projects = map.Flag("project", stride > 1);
        if (!projects && stride > 1) map.Error("project", "true with a stride above 1", "remove it: the shortcut must shrink as well");
        LayerSpec[] shortcut = projects ? [Filters(filters, 1, stride, "none")] : [];
        return Join(adds: true, [new LayerSpec.Activate("relu"), Filters(filters, 3, stride), Filters(filters, 3, 1, "none")], shortcut);
    }

    private static LayerSpec.Convolution Filters(int filters, int size, int stride = 1, string activation = "relu") =>
        new(filters, new WindowSpec(size, size, stride, true), activation);

    private static LayerSpec.Join Join(bool adds, params LayerSpec[][] branches) =>
        new(adds, new ValueList<BranchSpec>([.. branches.Select(layers => new BranchSpec(null, new ValueList<LayerSpec>(layers)))]));

    /// <summary>A window; without a stride it moves by one pixel where windows overlap, else by its height.</summary>
    private static WindowSpec ReadWindow(JobMap map, string key, int size, bool overlaps)
    {
        int[] sizes = map.Node(key) is JobNode.Sequence
            ? ReadSizes(map, key, 2, JobDefaults.FilterMax, "[ 3, 5 ]: rows, columns") ?? [size, size]
            : [.. Enumerable.Repeat(map.Whole(key, size, 1, JobDefaults.FilterMax), 2)];
        int stride = map.Whole("stride", overlaps ? 1 : sizes[0], 1, JobDefaults.FilterMax);
        return new WindowSpec(sizes[0], sizes[1], stride, map.Word("padding", "valid", "valid", "same") == "same");
    }

    /// <summary>A list of so many whole numbers, or null where it is not one.</summary>
    public static int[]? ReadSizes(JobMap map, string key, int count, int most, string example)
    {
        List<int> sizes = [];
        foreach (JobNode item in map.List(key, count, example))
            if (item is JobNode.Scalar { Plain: true } scalar
                && NumberText.TryRead(scalar.Text, out int size) && size >= 1 && size <= most)
                sizes.Add(size);
        if (sizes.Count == count) return [.. sizes];
        map.Error(key, $"a list of {count} whole numbers from 1 to {most}", $"write {key}: {example}");
        return null;
    }
}
