using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Jobs;

/// <summary>Bounds of the features that are known before any row is looked at; min-max scaling brings them to 0 and 1.</summary>
/// <param name="Low">The lower bound of each column; one for all.</param>
/// <param name="High">The upper bound of each column, above the lower; one for all.</param>
public sealed record ScaleBounds(IReadOnlyList<double> Low, IReadOnlyList<double> High)
{
    private const string Key = "minmax";
    private const int ColumnsMax = 100_000;
    private static readonly ScaleBounds s_none = new(new ValueList<double>([]), new ValueList<double>([]));

    /// <summary>The mapping that data.scale may be.</summary>
    internal static readonly NamedChoice Declared = new(Key, "bounds that are given, brought to 0 and 1", new KeySet<ScaleBounds>(s_none).Add(
        new KeySet<ScaleBounds>.Key(Key, KeyKind.Bounds, "a lower bound and an upper bound above it, or as many of each as there are columns", null, "The bounds of the features.")
        {
            Items = new CountRange(1, ColumnsMax, OneForAll: true),
            Read = (map, o, _) => map.List(Key, 2, "[ 0, 16 ]") is [var low, var high] && Numbers(low) is { } least && Numbers(high) is { } most
                ? new ScaleBounds(new ValueList<double>(least), new ValueList<double>(most))
                : o,
            Write = o => $"[ {Text(o.Low)}, {Text(o.High)} ]",
            Example = "[ 0, 16 ]",
            Required = true,
        }));

    /// <summary>Whether there are bounds, each lower one below the upper.</summary>
    internal bool AreSound => Low.Count > 0 && Low.Count == High.Count && Low.Zip(High, (low, high) => low < high && double.IsFinite(high - low)).All(fits => fits);

    private static double[]? Numbers(JobNode node)
    {
        JobNode[] items = node switch { JobNode.Scalar => [node], JobNode.Sequence { Items: { Count: > 0 and <= ColumnsMax } all } => [.. all], _ => [] };
        double[] numbers = new double[items.Length];
        for (int i = 0; i < items.Length; i++)
            if (JobMap.NumberOf(items[i]) is { } value) numbers[i] = value;
            else return null;
        return numbers.Length > 0 ? numbers : null;
    }

    private static string Text(IReadOnlyList<double> numbers) =>
        numbers.Count == 1 ? KeyKinds.Text(numbers[0]) : $"[ {string.Join(", ", numbers.Select(KeyKinds.Text))} ]";
}
