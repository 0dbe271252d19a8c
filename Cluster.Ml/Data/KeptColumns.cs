namespace Cluster.Ml.Data;

/// <summary>Some columns of a table as their text, row by row: by them a person knows which prediction belongs to whom.</summary>
public sealed class KeptColumns : IDisposable
{
    private readonly string _file;
    private readonly DataReader _reader;
    private readonly TableRecords _records;
    private readonly int[] _columns;
    private readonly int _width;

    private KeptColumns(string file, DataReader reader, TableDialect dialect, IReadOnlyList<string> names)
    {
        (_file, _reader, Names) = (file, reader, names);
        _records = TableRecords.Open(file, reader, dialect);
        string[] header = _records.ReadHeader(needsNames: false);
        _width = header.Length;
        _columns = [.. names.Select(name => Array.IndexOf(header, name) is >= 0 and var column ? column
            : throw new BadInputException(file, 1, null, $"the column to keep '{name}'", "no such column", CsvTable.Advice(name, header)))];
    }

    /// <summary>The columns, as they were asked for.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens a table.</summary>
    /// <param name="source">The file that is predicted.</param>
    /// <param name="model">What the model makes of it.</param>
    /// <param name="names">The columns; none needs no table.</param>
    /// <returns>Null if no column is to be kept.</returns>
    /// <exception cref="BadInputException">It is no table, or has no such column.</exception>
    public static KeptColumns? Open(string source, Preprocessing model, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return null;
        if (model.Text is not null || SourceFormat.OfRows(source) is not Jobs.DataFormat.Csv and not Jobs.DataFormat.Numpy and not Jobs.DataFormat.Parquet)
            throw new BadInputException(source, null, null, "a table, whose columns can be kept", model.Text is not null ? "a text" : "images", "leave --keep out");
        DataReader reader = DataReader.Open(source);
        try
        {
            return new KeptColumns(source, reader, model.Dialect ?? TableDialect.Usual, names);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>The fields of the next row, as they are written.</summary>
    /// <exception cref="BadInputException">There is none: the file was changed meanwhile.</exception>
    public string[] Next() => _records.Read() && _records.Fields.Count == _width
        ? [.. _columns.Select(column => _records.Text(_records.Fields[column]))]
        : throw new BadInputException(_file, null, null, "a file that stays as it is while it is read", "one that was changed", "start again when nothing writes to it");

    /// <inheritdoc/>
    public void Dispose()
    {
        _records.Dispose();
        _reader.Dispose();
    }
}
