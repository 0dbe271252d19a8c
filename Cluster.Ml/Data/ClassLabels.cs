using System.Globalization;

namespace Cluster.Ml.Data;

/// <summary>Collects class labels in reading order, then numbers the classes.</summary>
/// <remarks>Range  order: by value where all labels are numbers (1 and 1.0 are one class), else by UTF-16 code; at most <see cref="ClassesMax"/></remarks>
internal sealed class ClassLabels
{
    public const int ClassesMax = 10_000;

    private readonly Dictionary<string, int> _firstSeen = new(StringComparer.Ordinal);

    /// <summary>A provisional number for the label.</summary>
    public int Add(string label)
    {
        if (!_firstSeen.TryGetValue(label, out int number)) _firstSeen.Add(label, number = _firstSeen.Count);
        return number;
    }

    public int Count => _firstSeen.Count;

    /// <summary>The classes in their final order.</summary>
    /// <param name="final">The final number of each provisional one.</param>
    public string[] Finish(out int[] final)
    {
        string[] seen = [.. _firstSeen.OrderBy(p => p.Value).Select(p => p.Key)];
        bool numeric = seen.All(s => TryNumber(s, out _));
        string[] names = numeric ? [.. seen.Select(NameOf)] : seen;
        string[] classes = numeric
            ? [.. names.Distinct().OrderBy(n => TryNumber(n, out double value) ? value : 0)]
            : [.. names.Order(StringComparer.Ordinal)];
        final = [.. names.Select(n => Array.IndexOf(classes, n))];
        return classes;
    }

    /// <summary>The class's index, or −1.</summary>
    public static int IndexOf(IReadOnlyList<string> classes, string label)
    {
        for (int i = 0; i < classes.Count; i++)
            if (classes[i] == label) return i;
        if (!TryNumber(label, out _)) return -1;
        string name = NameOf(label);
        for (int i = 0; i < classes.Count; i++)
            if (classes[i] == name) return i;
        return -1;
    }

    private static string NameOf(string label) =>
        ((TryNumber(label, out double value) ? value : 0) + 0.0).ToString("R", CultureInfo.InvariantCulture);

    private static bool TryNumber(string label, out double value) => NumberText.TryRead(label, out value);
}
