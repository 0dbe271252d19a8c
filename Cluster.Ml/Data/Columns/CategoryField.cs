using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data.Columns;

/// <summary>A column of categories: what a row holds is which category it is, in the order in which the file tells them.</summary>
internal sealed class CategoryField(ColumnKind kind) : FieldReader
{
    /// <summary>The most categories of a column.</summary>
    public const int CategoriesMax = 10_000;

    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly List<string> _categories = [];

    public override RawColumn Column => new(kind, [.. _categories]);

    public override double Read(TableRecords records, CsvField field, string name)
    {
        string text = records.Text(field).Trim();
        if (MissingValue.Is(text)) return double.NaN;
        if (_codes.TryGetValue(text, out int code)) return code;
        if (_categories.Count == CategoriesMax)
            throw records.Error(field.Start, $"at most {CategoriesMax} categories in column '{name}'", "one more", "leave it out with data.ignore, if it tells rows apart and nothing else");
        _codes.Add(text, _categories.Count);
        _categories.Add(text);
        return _categories.Count - 1;
    }
}

/// <summary>A column of the categories that a model knows: what a row holds is the place of its category.</summary>
internal sealed class KnownCategoryField : FieldReader
{
    private readonly EncodedColumn _column;
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly bool _ignoresUnseen;

    public KnownCategoryField(EncodedColumn column, bool ignoresUnseen)
    {
        (_column, _ignoresUnseen) = (column, ignoresUnseen);
        for (int i = 0; i < column.Categories.Count; i++) _codes[column.Categories[i]] = i;
    }

    public override RawColumn Column => new(_column.Kind, _column.Categories);

    public override double Read(TableRecords records, CsvField field, string name)
    {
        string text = records.Text(field).Trim();
        if (_codes.TryGetValue(text, out int code)) return code;
        if (MissingValue.Is(text)) return double.NaN;
        if (_ignoresUnseen) return EncodedColumn.Unseen;
        throw records.Error(
            field.Start, $"a category that the model knows in column '{name}'", $"'{records.Shown(field)}'",
            $"{CsvTable.Advice(text, _column.Categories)}; with data.unseen: ignore its job would take it for none");
    }
}
