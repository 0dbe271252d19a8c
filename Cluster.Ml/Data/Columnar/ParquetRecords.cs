using Parquet;
using Parquet.Schema;

namespace Cluster.Ml.Data.Columnar;

/// <summary>A table in a Parquet file: columns by name, row group after row group.</summary>
/// <remarks>
/// Range  one level of columns: whole numbers, floating-point numbers, decimals and booleans (1 and 0) are numbers; texts, dates, times and ids are texts; a null is a missing value. A
///        column of lists, maps or structures is refused where it is looked at, and so are booleans as run lengths, which
///        some write in data pages of version 2. All compressions of the format
/// Cost   the values of one row group, of the columns that are looked at alone, at most <see cref="GroupBytesMax"/>
/// Source Apache Parquet's file format, by Parquet.Net; what a file states is held against what it has first (<see cref="ParquetLengths"/>)
/// </remarks>
internal sealed class ParquetRecords : TableRecords
{
    /// <summary>Bytes that the values of a row group may take.</summary>
    internal const long GroupBytesMax = 1L << 31;

    private static readonly ParquetOptions s_options = new() { TreatByteArrayAsString = true, UseDateOnlyTypeForDates = true };

    private readonly string _file;
    private readonly ParquetStream _stream;
    private readonly ParquetLengths _lengths;
    private readonly ParquetReader _reader;
    private readonly string[] _names;
    private readonly ParquetColumn?[] _columns;
    private readonly CsvField[] _fields;
    private readonly bool[] _isRead;
    private ParquetRowGroupReader? _group;
    private long _row = -1, _groupBytes;
    private int _next, _rowOfGroup, _rowsOfGroup;

    private ParquetRecords(string file, ParquetStream stream, ParquetLengths lengths, ParquetReader reader)
    {
        (_file, _stream, _lengths, _reader) = (file, stream, lengths, reader);
        IReadOnlyList<Field> top = Library(file, () => reader.Schema.Fields);
        if (top.Count is 0 or > FeatureLimits.ColumnsMax) throw new BadInputException(file, null, null, $"1 to {FeatureLimits.ColumnsMax} columns", $"{top.Count}", "leave out columns");
        _names = [.. top.Select(field => field.Name)];
        _columns = [.. top.Select(field => field is DataField { IsArray: false } flat ? ParquetColumn.Of(flat) : null)];
        _fields = [.. _names.Select((_, column) => new CsvField(column, 0, false))];
        _isRead = new bool[_names.Length];
    }

    public override IReadOnlyList<CsvField> Fields => _fields;

    /// <summary>Opens a file.</summary>
    /// <exception cref="BadInputException">It is no such file, or damaged.</exception>
    public static ParquetRecords Open(string file, bool forModel)
    {
        ParquetStream? stream = null;
        try
        {
            stream = new ParquetStream(RegularFile.Open(file));
            ParquetLengths lengths = new(file, stream);
            lengths.RequireFooter();
            stream.Position = 0;
            return new ParquetRecords(file, stream, lengths, Library(file, () => ParquetReader.CreateAsync(stream, s_options, leaveStreamOpen: true).GetAwaiter().GetResult())) { ForModel = forModel };
        }
        catch
        {
            stream?.Dispose();
            throw;
        }
    }

    public override string[] ReadHeader(bool needsNames)
    {
        return _names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new BadInputException(_file, null, null, "different names of columns", $"'{twice.Key}' twice", "rename one of them")
            : _names;
    }

    public override bool Read()
    {
        while (_rowOfGroup + 1 >= _rowsOfGroup)
        {
            if (_next == _reader.RowGroupCount) return false;
            OpenGroup();
        }
        (_rowOfGroup, _row) = (_rowOfGroup + 1, _row + 1);
        return true;
    }

    public override bool IsReadable(CsvField field) => _columns[field.Start] is not null;

    public override bool TryNumber(CsvField field, out double value) => Column(field).TryNumber(_rowOfGroup, out value) && double.IsFinite(value);

    public override bool IsMissing(CsvField field)
    {
        ParquetColumn column = Column(field);
        return column.IsNull(_rowOfGroup) || (column.TryNumber(_rowOfGroup, out double value) ? double.IsNaN(value) : MissingValue.Is(column.TextOf(_rowOfGroup).Trim()));
    }

    public override string Text(CsvField field) => Column(field).TextOf(_rowOfGroup).Trim();

    public override string Shown(CsvField field) => Text(field) is { Length: > 60 } text ? $"{text[..60]}…" : Text(field);

    public override BadInputException Error(int start, string wanted, string got, string advice) => ErrorAtEnd(wanted, got, advice);

    public override BadInputException ErrorAtEnd(string wanted, string got, string advice) => new(_file, null, null, _row < 0 ? wanted : $"{wanted} in row {_row + 1}", got, advice);

    public override BadInputException NumberError(CsvField field, string column)
    {
        string advice = ForModel ? "correct it, or leave out the row" : "correct it, write data.encode: auto for columns of texts, or leave the column out with data.ignore";
        return IsMissing(field) ? ErrorAtEnd($"a finite number in column '{column}'", "none", "fill in the missing value, or leave out the row")
            : ErrorAtEnd($"a finite number in column '{column}'", $"'{Shown(field)}'", advice);
    }

    public override void Dispose()
    {
        _group?.Dispose();
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _stream.Dispose();
        base.Dispose();
    }

    private void OpenGroup()
    {
        _group?.Dispose();
        _group = Library(_file, () => _reader.OpenRowGroupReader(_next));
        foreach (ParquetColumn? column in _columns) column?.Clear();
        _isRead.AsSpan().Clear();
        (_rowOfGroup, _groupBytes) = (-1, 0);
        if (_group.RowCount is < 0 or > int.MaxValue)
            throw new BadInputException(_file, null, null, $"row groups of at most {int.MaxValue} rows", $"{_group.RowCount}", "write smaller row groups");
        (_rowsOfGroup, _next) = ((int)_group.RowCount, _next + 1);
    }

    /// <summary>The column of a field, its values read when one is first looked at.</summary>
    private ParquetColumn Column(CsvField field)
    {
        int index = field.Start;
        ParquetColumn column = _columns[index] ?? throw new BadInputException(
            _file, null, null, $"numbers, texts, dates or booleans in column '{_names[index]}'", "lists, structures or another type", "leave the column out with data.ignore");
        if (_isRead[index]) return column;
        _groupBytes += (long)column.ValueBytes * _rowsOfGroup;
        if (_groupBytes > GroupBytesMax)
            throw new BadInputException(_file, null, null, $"row groups whose values take at most {GroupBytesMax} bytes", $"one of {_rowsOfGroup} rows", "write smaller row groups, or leave columns out with data.ignore");
        global::Parquet.Meta.ColumnMetaData? about = Library(_file, () => _group!.GetMetadata(column.Field)?.MetaData);
        if (about is null) throw ParquetLengths.Damaged(_file, $"no place of column '{column.Name}'");
        if (column.Field.ClrType == typeof(bool) && !about.Encodings.Contains(global::Parquet.Meta.Encoding.PLAIN))
            throw new BadInputException(_file, null, null, $"booleans in plain encoding in column '{column.Name}'", "run lengths", "write data pages of version 1, or the column as whole numbers");
        _lengths.RequirePages(about, column.Name, _rowsOfGroup);
        Library(_file, () =>
        {
            column.Read(_group!, _rowsOfGroup);
            return true;
        });
        _isRead[index] = true;
        return column;
    }

    /// <summary>What the library does; that it fails, of a file whose lengths are sound, is the file's fault, whatever it is called.</summary>
    private static T Library<T>(string file, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception error) when (error is not BadInputException)
        {
            throw ParquetLengths.Damaged(file, $"one that cannot be read ('{error.Message.TrimEnd('.')}')", error);
        }
    }
}
