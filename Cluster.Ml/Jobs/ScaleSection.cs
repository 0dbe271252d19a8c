namespace Cluster.Ml.Jobs;

/// <summary>The key data.scale where it is a mapping: bounds that are given, not looked for in the rows.</summary>
internal static class ScaleSection
{
    private const int ColumnsMax = 100_000;
    private const string Example = "{ minmax: [ 0, 16 ] }, or a list of lower and one of upper bounds";

    /// <summary>Whether bounds are given.</summary>
    public static bool IsGiven(JobMap data) => data.Node("scale") is JobNode.Mapping;

    /// <summary>The bounds, or null where they are none.</summary>
    public static ScaleBounds? Read(JobMap data)
    {
        JobMap map = data.Map("scale", Example)!;
        IReadOnlyList<JobNode> bounds = map.List("minmax", 2, "[ 0, 16 ]");
        map.Done();
        (double[]? low, double[]? high) = bounds is [var first, var last] ? (Numbers(first), Numbers(last)) : (null, null);
        if (low is not null && high is not null && low.Length == high.Length && low.Zip(high, (l, h) => l < h && double.IsFinite(h - l)).All(fits => fits))
            return new ScaleBounds(new ValueList<double>(low), new ValueList<double>(high));
        data.Error("scale", "minmax of a lower bound and an upper bound above it, or of as many of each as there are columns", $"write scale: {Example}");
        return null;
    }

    /// <summary>As it is read back.</summary>
    public static string Write(ScaleBounds bounds, Func<double, string> number)
    {
        string Of(IReadOnlyList<double> numbers) => numbers.Count == 1 ? number(numbers[0]) : $"[ {string.Join(", ", numbers.Select(number))} ]";
        return $"{{ minmax: [ {Of(bounds.Low)}, {Of(bounds.High)} ] }}";
    }

    private static double[]? Numbers(JobNode node)
    {
        JobNode[] items = node switch { JobNode.Scalar => [node], JobNode.Sequence { Items: { Count: > 0 and <= ColumnsMax } all } => [.. all], _ => [] };
        double[] numbers = new double[items.Length];
        for (int i = 0; i < items.Length; i++)
            if (JobMap.NumberOf(items[i]) is { } value) numbers[i] = value;
            else return null;
        return numbers.Length > 0 ? numbers : null;
    }
}
