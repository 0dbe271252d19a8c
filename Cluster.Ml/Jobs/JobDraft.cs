using System.Globalization;
using System.Text;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Columns;

namespace Cluster.Ml.Jobs;

/// <summary>A job that would train on a table: where a person begins who has the table alone.</summary>
/// <remarks>Range  a pure function of the profile; it reads back as a job, and says in comments why columns are left out</remarks>
public sealed class JobDraft
{
    private const int ClassesMax = 20, RareRows = 10, TextsMax = 100;

    private static readonly string[] s_targets = ["target", "label", "class", "y", "outcome", "species", "survived"];

    private readonly TableProfile _table;
    private readonly List<KeyValuePair<string, string>> _ignored = [];
    private readonly List<EncodeSpec.Named> _encoded = [];
    private readonly List<ColumnProfile> _features = [];

    /// <summary>Drafts a job.</summary>
    /// <param name="table">What the table holds.</param>
    /// <param name="target">The column to learn; null for the one that is called so, or else the last.</param>
    /// <exception cref="BadInputException">There is no such column, or nothing to learn from.</exception>
    public JobDraft(TableProfile table, string? target)
    {
        ArgumentNullException.ThrowIfNull(table);
        _table = table;
        Target = target is null ? Likely() : table.Columns.FirstOrDefault(column => column.Name == target)
            ?? throw new BadInputException(table.File, 1, null, $"the target column '{target}'", "no such column", CsvTable.Advice(target, [.. table.Columns.Select(column => column.Name)]));
        foreach (ColumnProfile column in table.Columns.Where(column => column != Target)) Sort(column);
        if (_features.Count == 0)
            throw new BadInputException(table.File, null, null, "at least one column to learn from", "ids, constants and the target alone", "add columns that say something of a row");
    }

    /// <summary>The column that is learned.</summary>
    public ColumnProfile Target { get; }

    /// <summary>Whether its values are classes; otherwise they are numbers to be met.</summary>
    public bool IsOfClasses => IsClasses(Target);

    /// <summary>The columns that are left out, each with the reason.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Ignored => _ignored;

    /// <summary>The job as a file's text.</summary>
    /// <param name="source">The path of the table as the file is to name it.</param>
    public string Write(string source)
    {
        StringBuilder text = new();
        Line("# Drafted by `cluster describe`: change what you know better. `cluster explain KEY` tells of a key.");
        Line($"name: {NameOf(source)}");
        Line("data:");
        Line($"  source: {JobText.Quote(source)}");
        if (SourceFormat.OfName(source) == DataFormat.Auto) Line("  format: csv");
        if (_table.HasDecimalComma) Line("  decimal: comma");
        Line($"  target: {JobText.Quote(Target.Name)}");
        foreach ((string name, string why) in _ignored) Line($"  # {VisibleText.InLine(name.Length == 0 ? "columns without a name" : name)}: {why}");
        if (_ignored.Count > 0) Line($"  ignore: [ {string.Join(", ", _ignored.Select(column => column.Key).Distinct().Select(JobText.Quote))} ]");
        if (_features.Any(column => column.Missing > 0)) Line("  missing: median");
        else if (Target.Missing > 0) Line("  missing: drop");
        if (_encoded.Count > 0) Line($"  encode: {{ {string.Join(", ", _encoded.Select(column => $"{JobText.Quote(column.Column)}: {EncodeSection.WordOf(column.Kind)}"))} }}");
        if (HasRareCategories) Line("  unseen: ignore    # some categories have few rows, perhaps none of them a training row");
        Line("  scale: standard");
        Line("model:");
        Line(IsOfClasses ? "  kind: softmax" : "  kind: ridge");
        if (IsOfClasses) Line("training:\n  epochs: 50\n  optimizer: { adam: { rate: 0.01 } }");
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
    }

    private bool HasRareCategories => _features.Any(column => _encoded.Any(encoded => encoded.Column == column.Name && encoded.Kind == ColumnKind.OneHot)
        && (column.HasMore || column.Values.Any(value => value.Value < RareRows)));

    private ColumnProfile Likely()
    {
        foreach (string name in s_targets)
            if (_table.Columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase)) is { IsConstant: false } named) return named;
        return _table.Columns.LastOrDefault(column => column is { IsConstant: false, IsId: false, NumbersRows: false, Name.Length: > 0, Kind: not ColumnKind.Date })
            ?? throw new BadInputException(_table.File, null, null, "a column to learn", "ids, dates and constants alone", "name the column with --target");
    }

    private void Sort(ColumnProfile column)
    {
        if (WhyIgnored(column) is { } why)
        {
            _ignored.Add(new(column.Name, why));
            return;
        }
        _features.Add(column);
        if (column.Kind != ColumnKind.Number) _encoded.Add(new EncodeSpec.Named(column.Name, column.Kind));
    }

    private string? WhyIgnored(ColumnProfile column)
    {
        if (column.Name.Length == 0) return "nothing says what they are";
        if (column.IsNested) return "it holds lists or structures";
        if (column.Numbers + column.Texts == 0) return "no row has a value";
        if (column.IsConstant) return "every row has the same value";
        if (column.IsId) return "every row has another text";
        if (column.NumbersRows) return "it numbers the rows";
        bool hasMany = column.Kind == ColumnKind.OneHot && column.Distinct > TextsMax && 2L * column.Distinct > _table.Rows;
        return hasMany ? string.Create(CultureInfo.InvariantCulture, $"{column.Distinct} different texts in {_table.Rows} rows") : null;
    }

    /// <summary>Texts, or few whole numbers.</summary>
    private static bool IsClasses(ColumnProfile column) =>
        column.Kind != ColumnKind.Number || (column.AreWhole && column.Texts == 0 && column.Distinct <= ClassesMax && 2L * column.Distinct <= column.Numbers);

    private static string NameOf(string source)
    {
        string name = Path.GetFileName(source);
        int end = name.IndexOf('.', 1);
        string kept = string.Concat((end > 0 ? name[..end] : name).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-')).TrimStart('-', '_');
        return kept.Length is > 0 and <= JobSpec.NameMax ? kept : "job";
    }
}
