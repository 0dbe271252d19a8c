using Cluster.Ml.Data.Columnar;
using Cluster.Ml.Data.Numpy;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data;

/// <summary>A table, record by record, however it is stored: its fields, and the place of each for an error.</summary>
internal abstract class TableRecords : IDisposable
{
    /// <summary>What parts the fields in the file; null where nothing does.</summary>
    public virtual char? Parting => null;

    /// <summary>Whether a model reads: it needs all its columns.</summary>
    public bool ForModel { get; init; }

    /// <summary>The fields of the current record; they hold until the next is read.</summary>
    public abstract IReadOnlyList<CsvField> Fields { get; }

    /// <summary>Opens a table.</summary>
    /// <param name="file">The file.</param>
    /// <param name="reader">Its bytes.</param>
    /// <param name="dialect">How it is written, if it is text.</param>
    /// <param name="forModel">Whether a model reads.</param>
    public static TableRecords Open(string file, DataReader reader, TableDialect dialect, bool forModel = false) =>
        SourceFormat.OfName(file) switch
        {
            DataFormat.Numpy => NumpyRecords.Open(file, reader, forModel),
            DataFormat.Parquet => ParquetRecords.Open(file, forModel),
            DataFormat.Database => throw new BadInputException(
                file, null, null, "a file of rows", "a database", "let a job ask it by data.query, or write its rows to a file"),
            _ => CsvRecords.Open(file, reader, dialect, forModel),
        };

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>The names of the columns, before the first record is read.</summary>
    /// <param name="needsNames">Whether each column must have one.</param>
    public abstract string[] ReadHeader(bool needsNames);

    /// <summary>Goes to the next record.</summary>
    public abstract bool Read();

    /// <summary>Whether the field's column holds single values; otherwise it can only be left out.</summary>
    public virtual bool IsReadable(CsvField field) => true;

    /// <summary>Reads the field's number; false where it is none.</summary>
    public abstract bool TryNumber(CsvField field, out double value);

    /// <summary>Whether the field says that its value is missing.</summary>
    public abstract bool IsMissing(CsvField field);

    /// <summary>The field's text.</summary>
    public abstract string Text(CsvField field);

    /// <summary>The field's text, cut to what fits a message.</summary>
    public abstract string Shown(CsvField field);

    /// <summary>The error at the start of a field.</summary>
    public abstract BadInputException Error(int start, string wanted, string got, string advice);

    /// <summary>The error of the current record as a whole.</summary>
    public abstract BadInputException ErrorAtEnd(string wanted, string got, string advice);

    /// <summary>The error of a field that holds no number: it is missing, text, or not finite.</summary>
    public abstract BadInputException NumberError(CsvField field, string column);

    /// <summary>The field's number.</summary>
    /// <exception cref="BadInputException">It is missing, text, or not finite.</exception>
    public double Number(CsvField field, string column) => TryNumber(field, out double value) ? value : throw NumberError(field, column);

    /// <summary>Refuses a record with more or fewer fields than there are columns.</summary>
    public void RequireWidth(IReadOnlyList<string> names)
    {
        int got = Fields.Count, wanted = names.Count;
        if (got < wanted) throw ErrorAtEnd($"{wanted} fields", $"{got}", $"add what is missing from '{names[got]}' on");
        if (got > wanted)
            throw Error(Fields[wanted].Start, $"{wanted} fields", $"{got}", $"put fields with {TableDialect.NameOf(Parting ?? ',')} into quotes, or correct the row");
    }
}
