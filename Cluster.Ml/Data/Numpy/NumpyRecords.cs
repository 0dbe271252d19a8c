using System.IO.Compression;

namespace Cluster.Ml.Data.Numpy;

/// <summary>A table of NumPy arrays: a .npy file of one, or a .npz file of several that have the same number of rows.</summary>
/// <remarks>
/// Range  numbers and texts; arrays of more than two axes are rows of all that is below the first. Columns are called c0, c1, … in a .npy file, in a .npz
///        file by their array: y, or x0, x1, … where the array x has several. NaN is a missing value
/// Cost   a row in memory
/// </remarks>
internal sealed class NumpyRecords : TableRecords
{
    private const string Extension = ".npy";

    private readonly string _file;
    private readonly NumpyArray[] _arrays;
    private readonly (NumpyArray Array, int Column)[] _columns;
    private readonly string[] _names;
    private readonly CsvField[] _fields;
    private readonly ZipArchive? _archive;
    private long _next;

    private NumpyRecords(string file, NumpyArray[] arrays, ZipArchive? archive = null)
    {
        (_file, _arrays, _archive) = (file, arrays, archive);
        _columns = [.. arrays.SelectMany(array => Enumerable.Range(0, (int)array.Header.RowItems).Select(column => (array, column)))];
        _names = [.. arrays.SelectMany(array => array.ColumnNames)];
        _fields = [.. _columns.Select((_, column) => new CsvField(column, 0, false))];
    }

    public override IReadOnlyList<CsvField> Fields => _fields;

    /// <summary>Opens a file.</summary>
    /// <exception cref="BadInputException">It is no such file, or its arrays are not of the same rows.</exception>
    public static NumpyRecords Open(string file, DataReader reader, bool forModel) => file.EndsWith(".npz", StringComparison.OrdinalIgnoreCase)
        ? OfArchive(file, forModel)
        : new NumpyRecords(file, [new NumpyArray(file, "", bytes => reader.Fill(bytes))]) { ForModel = forModel };

    public override string[] ReadHeader(bool needsNames)
    {
        if (_names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new BadInputException(_file, null, null, "different names of columns", $"'{twice.Key}' twice", "rename one of the arrays");
        return _names;
    }

    public override bool Read()
    {
        if (_next == _arrays[0].Header.Rows) return false;
        foreach (NumpyArray array in _arrays) array.Read(_next);
        _next++;
        return true;
    }

    public override bool TryNumber(CsvField field, out double value)
    {
        (NumpyArray array, int column) = _columns[field.Start];
        return array.TryNumber(column, out value) && double.IsFinite(value);
    }

    public override bool IsMissing(CsvField field)
    {
        (NumpyArray array, int column) = _columns[field.Start];
        return array.TryNumber(column, out double value) ? double.IsNaN(value) : MissingValue.Is(Text(field));
    }

    public override string Text(CsvField field)
    {
        (NumpyArray array, int column) = _columns[field.Start];
        return array.TextOf(column).Trim();
    }

    public override string Shown(CsvField field) => Text(field) is { Length: > 60 } text ? $"{text[..60]}…" : Text(field);

    public override BadInputException Error(int start, string wanted, string got, string advice) => ErrorAtEnd(wanted, got, advice);

    public override BadInputException ErrorAtEnd(string wanted, string got, string advice) =>
        new(_file, null, null, $"{wanted} in row {_next}", got, advice);

    public override BadInputException NumberError(CsvField field, string column)
    {
        string advice = ForModel ? "correct it, or leave out the row" : "correct it, write data.encode: auto for columns of texts, or leave the column out with data.ignore";
        return ErrorAtEnd($"a finite number in column '{column}'", $"'{Shown(field)}'", IsMissing(field) ? "fill in the missing value, or leave out the row" : advice);
    }

    public override void Dispose()
    {
        _archive?.Dispose();
        base.Dispose();
    }

    private static NumpyRecords OfArchive(string file, bool forModel)
    {
        ZipArchive? archive = null;
        try
        {
            archive = new ZipArchive(RegularFile.Open(file), ZipArchiveMode.Read);
            return new NumpyRecords(file, ArraysOf(file, archive), archive) { ForModel = forModel };
        }
        catch (Exception error)
        {
            archive?.Dispose();
            if (error is not InvalidDataException and not EndOfStreamException) throw;
            throw new BadInputException(file, null, null, "a .npz file (a zip archive of arrays)", "a damaged or another one", "write it with numpy.savez", error);
        }
    }

    private static NumpyArray[] ArraysOf(string file, ZipArchive archive)
    {
        NumpyArray[] arrays = [.. archive.Entries.Where(entry => entry.FullName.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)).Select(entry => Of(file, entry))];
        if (arrays.Length == 0) throw new BadInputException(file, null, null, "at least one array", "none", "write it with numpy.savez");
        if (arrays.FirstOrDefault(array => array.Header.Rows != arrays[0].Header.Rows) is { } other)
            throw new BadInputException(
                file, null, null, $"arrays of the same number of rows, {arrays[0].Header.Rows} as in the first", $"{other.Header.Rows}", "save training and test rows in a file each");
        return arrays;
    }

    private static NumpyArray Of(string file, ZipArchiveEntry entry)
    {
        Stream stream = entry.Open();
        return new NumpyArray(file, entry.FullName[..^Extension.Length], bytes =>
        {
            try
            {
                return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            }
            catch (InvalidDataException error)
            {
                throw new BadInputException(file, null, null, $"the array '{entry.FullName}'", "a damaged one", "copy or download it again", error);
            }
        });
    }
}
