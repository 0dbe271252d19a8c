using Cluster.Ml.Data.Columns;

namespace Cluster.Ml.Data;

/// <summary>What is done with a row that lacks a value.</summary>
internal enum Incomplete
{
    Refused,
    LeftOut,
    Kept,
}

/// <summary>Reads the rows of a table below its header.</summary>
/// <param name="records">The table, at its first row.</param>
/// <param name="names">Its columns.</param>
/// <param name="roles">Of each column the place of its value in a row, or one of the two below.</param>
/// <param name="readers">What reads the values, in the order of a row.</param>
/// <param name="targets">Whether and how targets are read.</param>
/// <param name="incomplete">What is done with a row that lacks a value.</param>
/// <param name="named">Classes that are classes even where they are written like a missing value.</param>
internal sealed class CsvRows(
    TableRecords records, IReadOnlyList<string> names, int[] roles, FieldReader[] readers, TargetReading targets, Incomplete incomplete, IReadOnlyList<string> named)
{
    public const int Ignored = -1, Target = -2;

    private readonly ClassLabels _labels = new();
    private readonly double[] _row = new double[readers.Length];

    /// <summary>Reads all of them.</summary>
    public RowFacts ReadInto(RowSink sink, string[] features)
    {
        (int rows, int dropped) = (0, 0);
        while (records.Read())
        {
            records.RequireWidth(names);
            if (rows == int.MaxValue) throw records.ErrorAtEnd($"at most {int.MaxValue} rows", "one more", "split the data");
            if (!TryReadRow(out double? target))
            {
                dropped++;
                continue;
            }
            if (target is { } value) sink.AddTarget(value);
            sink.AddFeatures(_row);
            rows++;
        }
        if (rows == 0)
            throw dropped == 0 ? records.ErrorAtEnd("at least one row below the header", "none", "check that the file was written to its end")
                : records.ErrorAtEnd("at least one row without missing values", $"none of {dropped}", "fill values in with data.missing: mean, or leave columns out with data.ignore");
        RowFacts facts = new(features, [], null, rows) { Dropped = dropped };
        if (targets.Kind != TargetKind.Class) return facts;
        if (targets.Known is { } known) return facts with { Classes = known.Names };
        string[] classes = _labels.Finish(out int[] final);
        sink.Renumber(final);
        return facts with { Classes = classes };
    }

    /// <summary>Reads the current record; false where it is left out.</summary>
    private bool TryReadRow(out double? target)
    {
        target = null;
        if (incomplete != Incomplete.Refused && IsIncomplete()) return false;
        for (int i = 0; i < roles.Length; i++)
        {
            CsvField field = records.Fields[i];
            if (roles[i] >= 0)
            {
                double value = readers[roles[i]].Read(records, field, names[i]);
                if (double.IsNaN(value) && incomplete != Incomplete.Kept) throw new MissingFields(records, names, roles).Refusal(i);
                _row[roles[i]] = value;
            }
            else if (roles[i] == Target && targets.Kind != TargetKind.None)
            {
                target = ReadTarget(field, names[i]);
            }
        }
        return true;
    }

    /// <summary>Whether it lacks a value that nothing may stand for: a target never has one.</summary>
    private bool IsIncomplete()
    {
        for (int i = 0; i < roles.Length; i++)
        {
            if (roles[i] == Target ? targets.Kind == TargetKind.None : roles[i] == Ignored || incomplete == Incomplete.Kept) continue;
            CsvField field = records.Fields[i];
            if (records.IsMissing(field) && !(roles[i] == Target && IsNamed(records.Text(field)))) return true;
        }
        return false;
    }

    private bool IsNamed(string label) => targets.Kind == TargetKind.Class && (named.Contains(label) || targets.Known?.IndexOf(label) >= 0);

    private double ReadTarget(CsvField field, string column)
    {
        if (targets.Kind == TargetKind.Number) return records.Number(field, column);
        string label = records.Text(field);
        if (targets.Known is { } known && targets.Of(label) is { } target && (target >= 0 || !MissingValue.Is(label))) return target;
        if (MissingValue.Is(label) && !named.Contains(label)) throw Missing(field, column, label);
        if (targets.Known is { } others)
            throw records.Error(field.Start, $"a class that the model knows in column '{column}'", $"'{records.Shown(field)}'", CsvTable.Advice(label, others.Names));
        int number = _labels.Add(label);
        return _labels.Count <= ClassLabels.ClassesMax ? number
            : throw records.Error(field.Start, $"at most {ClassLabels.ClassesMax} classes in column '{column}'", "one more", "where the target is a number use model.kind linear-regression");
    }

    private BadInputException Missing(CsvField field, string column, string label) => label.Length == 0
        ? records.Error(field.Start, $"a class in column '{column}'", "an empty field", "fill in the missing class, or leave out the row")
        : records.Error(
            field.Start, $"a class in column '{column}'", $"'{records.Shown(field)}', which stands for a missing value",
            "fill in the class, or leave out the row; where it is a class, name all classes in data.classes");
}
