namespace Cluster.Ml.Privacy;

/// <summary>Named sets of Rényi orders; ε is the least over the set, hence differs a little from set to set.</summary>
public static class RenyiOrders
{
    /// <summary>1.1 to 10.9 by 0.1, and 12 to 63 (without 11): the default of Opacus 1.5, and here.</summary>
    public static readonly IReadOnlyList<double> Opacus = [.. Tenths(), .. Whole(12, 63)];

    /// <summary>1.1 to 10.9 by 0.1, 11 to 63, 128, 256, 512 and 1024: the default of Google's dp_accounting.</summary>
    public static readonly IReadOnlyList<double> DpAccounting = [.. Tenths(), .. Whole(11, 63), 128, 256, 512, 1024];

    /// <summary>1.25 to 4.5 in the steps of TensorFlow Privacy's first accountant, 5 to 63, 128, 256 and 512.</summary>
    public static readonly IReadOnlyList<double> TensorFlowPrivacy =
        [1.25, 1.5, 1.75, 2, 2.25, 2.5, 3, 3.5, 4, 4.5, .. Whole(5, 63), 128, 256, 512];

    private static IEnumerable<double> Tenths() => Enumerable.Range(1, 99).Select(tenth => 1 + (tenth / 10.0));

    private static IEnumerable<double> Whole(int first, int last) => Enumerable.Range(first, last - first + 1).Select(order => (double)order);
}
