namespace Cluster.Ml.Jobs;

/// <summary>The key data.encode: a word for all columns of texts, or a word for each that is named.</summary>
internal static class EncodeSection
{
    /// <summary>The values that it takes, in words.</summary>
    public const string Range = "none, auto, one-hot, ordinal, or a mapping of columns to one-hot, ordinal, date or number";

    private const string Key = "encode", Example = "{ colour: one-hot, size: ordinal, when: date }", None = "none", Auto = "auto", OneHot = "one-hot", Ordinal = "ordinal";
    private const int ColumnsMax = 1000;

    private static readonly KeyValuePair<string, ColumnKind>[] s_kinds =
        [new(OneHot, ColumnKind.OneHot), new(Ordinal, ColumnKind.Ordinal), new("date", ColumnKind.Date), new("number", ColumnKind.Number)];

    private static readonly KeyValuePair<string, EncodeSpec?>[] s_words =
        [new(None, null), new(Auto, All(ColumnKind.OneHot)), new(OneHot, All(ColumnKind.OneHot)), new(Ordinal, All(ColumnKind.Ordinal))];

    /// <summary>The words that it takes.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. s_words.Select(word => word.Key)];

    /// <summary>The word of a kind.</summary>
    public static string WordOf(ColumnKind kind) => s_kinds.First(word => word.Value == kind).Key;

    /// <summary>The data with the encoding that is written.</summary>
    public static DataSpec Read(JobMap data, DataSpec options)
    {
        if (data.Node(Key) is not JobNode.Mapping) return options with { Encode = data.Choice(Key, options.Encode, s_words) };
        JobMap map = data.Map(Key, Example)!;
        List<EncodeSpec.Named> columns = [];
        foreach (string column in map.Keys.Take(ColumnsMax).ToArray())
        {
            if (column.Length == 0) map.Error(column, "under the name of a column", "none", "leave columns without a name out with data.ignore: [ \"\" ]");
            columns.Add(new EncodeSpec.Named(column, map.Choice(column, ColumnKind.OneHot, s_kinds)));
        }
        map.Done();
        if (columns.Count == 0) data.Error(Key, Range, "an empty mapping", $"write {Key}: {Auto}, or {Key}: {Example}");
        return options with { Encode = new EncodeSpec(ColumnKind.OneHot, new ValueList<EncodeSpec.Named>(columns)) };
    }

    /// <summary>As it is read back; null for none.</summary>
    public static string? Write(DataSpec data) => data.Encode switch
    {
        null => null,
        { Columns.Count: 0 } encode => WordOf(encode.Texts),
        { } encode => $"{{ {string.Join(", ", encode.Columns.Select(column => $"{JobText.Quote(column.Column)}: {WordOf(column.Kind)}"))} }}",
    };

    private static EncodeSpec All(ColumnKind texts) => new(texts, EncodeSpec.NoColumns);
}
