using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data.Columns;

/// <summary>Reads the fields of one column as what a row holds of them: NaN for a missing value.</summary>
internal abstract class FieldReader
{
    /// <summary>What the numbers that it gives stand for.</summary>
    public abstract RawColumn Column { get; }

    /// <summary>What the field holds.</summary>
    /// <exception cref="BadInputException">It is neither that nor missing.</exception>
    public abstract double Read(TableRecords records, CsvField field, string name);

    /// <summary>A reader for rows to train on.</summary>
    public static FieldReader ToTrain(ColumnKind kind) => kind switch
    {
        ColumnKind.Number => new NumberField(),
        ColumnKind.Date => new DateField(),
        _ => new CategoryField(kind),
    };

    /// <summary>A reader for rows of a model.</summary>
    public static FieldReader ForModel(EncodedColumn column, bool ignoresUnseen) => column.Kind switch
    {
        ColumnKind.Number => new NumberField(),
        ColumnKind.Date => new DateField(),
        _ => new KnownCategoryField(column, ignoresUnseen),
    };
}

/// <summary>A column of numbers.</summary>
internal sealed class NumberField : FieldReader
{
    public override RawColumn Column => RawColumn.Number;

    public override double Read(TableRecords records, CsvField field, string name) =>
        records.TryNumber(field, out double value) ? value : records.IsMissing(field) ? double.NaN : throw records.NumberError(field, name);
}
