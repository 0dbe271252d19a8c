using Cluster.Ml.Data.Columns;

namespace Cluster.Ml.Data.Folds;

/// <summary>The column that says which group a row is of: what a row holds is the group's number, in the order in which the file tells them.</summary>
/// <remarks>Range  spellings of one number (1, 1.0, +1) are one group, as they are one class; at most <see cref="GroupsMax"/></remarks>
internal sealed class GroupField : FieldReader
{
    /// <summary>The most groups, and the most spellings of them.</summary>
    public const int GroupsMax = 1_000_000;

    private readonly Dictionary<string, int> _bySpelling = new(StringComparer.Ordinal), _byIdentity = new(StringComparer.Ordinal);

    public override RawColumn Column => RawColumn.Number;

    public override double Read(TableRecords records, CsvField field, string name)
    {
        string text = records.Text(field).Trim();
        if (_bySpelling.TryGetValue(text, out int group)) return group;
        if (MissingValue.Is(text))
            throw records.Error(
                field.Start, $"a group in column '{name}'", text.Length == 0 ? "an empty field" : $"'{records.Shown(field)}', which stands for a missing value",
                "fill in the missing group, or leave out the row");
        if (_bySpelling.Count == GroupsMax)
            throw records.Error(field.Start, $"at most {GroupsMax} groups in column '{name}'", "one more", "name a column with fewer; where each row is a group, leave --group out");
        string identity = ClassLabels.IdentityOf(text);
        if (!_byIdentity.TryGetValue(identity, out group)) _byIdentity.Add(identity, group = _byIdentity.Count);
        _bySpelling.Add(text, group);
        return group;
    }
}
