namespace Cluster.Ml.Data;

/// <summary>Collects class labels in reading order, then numbers the classes.</summary>
/// <remarks>
/// Range  a class is its text. Spellings of one number (1, 1.0, +1) are one class, shown by the shortest of them, whatever the order of
///        the rows; a padded number (007) is no other number's spelling. Order: by value if all labels are numbers, then and else by
///        UTF-16 code; at most <see cref="ClassesMax"/>
/// </remarks>
internal sealed class ClassLabels
{
    public const int ClassesMax = 10_000;

    /// <summary>Spellings that are looked up without being read again.</summary>
    private const int SpellingsMax = 2 * ClassesMax;

    private readonly Dictionary<string, int> _bySpelling = new(StringComparer.Ordinal), _byIdentity = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    /// <summary>A provisional number for the label.</summary>
    public int Add(string label)
    {
        if (_bySpelling.TryGetValue(label, out int number)) return number;
        string identity = IdentityOf(label);
        if (!_byIdentity.TryGetValue(identity, out number))
        {
            _byIdentity.Add(identity, number = _names.Count);
            _names.Add(label);
        }
        else if (IsSimpler(label, _names[number])) _names[number] = label;
        if (_bySpelling.Count < SpellingsMax) _bySpelling.Add(label, number);
        return number;
    }

    public int Count => _names.Count;

    /// <summary>The classes in their final order.</summary>
    /// <param name="final">The final number of each provisional one.</param>
    public string[] Finish(out int[] final)
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        var values = new LabelNumber[Count];
        bool numeric = _names.Select((name, i) => LabelNumber.TryRead(name, out values[i], out _)).All(isNumber => isNumber);
        Array.Sort(order, (a, b) => (numeric ? values[a].CompareTo(values[b]) : 0) is var byValue and not 0 ? byValue : string.CompareOrdinal(_names[a], _names[b]));
        final = new int[Count];
        for (int place = 0; place < order.Length; place++) final[order[place]] = place;
        return [.. order.Select(i => _names[i])];
    }

    private static bool IsSimpler(string label, string than) =>
        label.Length != than.Length ? label.Length < than.Length : string.CompareOrdinal(label, than) < 0;

    /// <summary>What two labels of one class share: the value of a number, or the text.</summary>
    public static string IdentityOf(string label) => LabelNumber.TryRead(label, out LabelNumber number, out bool isPadded) && !isPadded
        ? FormattableString.Invariant($"#{number.Sign} {number.Digits}e{number.Exponent}")
        : $"={label}";
}
