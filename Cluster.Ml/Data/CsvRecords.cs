using System.Buffers;
using System.Text;

namespace Cluster.Ml.Data;

/// <summary>One field of a record: where its text is in the window of the file.</summary>
internal readonly record struct CsvField(int Start, int Length, bool Quoted);

/// <summary>Cuts a CSV file into records and fields, as it is read, and knows the line and column of each.</summary>
/// <remarks>
/// Range     any separator of one byte; quotes as in RFC 4180, with line ends inside them; LF, CRLF or CR; a UTF-8 byte order mark; empty lines are skipped
/// Differs   from general CSV readers in that the place of an error is computed from the bytes, for every field, at no cost until it is needed
/// Cost      a window of the file, which holds at least the current record
/// Source    RFC 4180
/// </remarks>
internal sealed class CsvRecords : TableRecords
{
    private const int WindowBytes = 1 << 18, RecordBytesMax = 1 << 26, NumberBytesMax = 64;
    private static readonly SearchValues<byte> s_ofCommaNumbers = SearchValues.Create("0123456789+-,"u8);
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private readonly string _file;
    private readonly DataReader _reader;
    private readonly List<CsvField> _fields = [];
    private byte[] _bytes;
    private int _filled;
    private bool _isLast;
    private int _line = 1;      // of the window's first byte
    private int _next;

    /// <param name="file">Its name, for errors.</param>
    /// <param name="reader">Its bytes.</param>
    /// <param name="dialect">What says how fields are parted; null for commas.</param>
    /// <param name="windowBytes">How many bytes to look at at once, to begin with.</param>
    public CsvRecords(string file, DataReader reader, TableDialect? dialect = null, int windowBytes = WindowBytes)
    {
        (_file, _reader, _bytes) = (file, reader, new byte[windowBytes]);
        FillWindow();
        ReadOnlySpan<byte> first = _bytes.AsSpan(0, _filled);
        if (first.StartsWith(new byte[] { 0xFF, 0xFE }) || first.StartsWith(new byte[] { 0xFE, 0xFF }))
            throw new BadInputException(file, 1, 1, "UTF-8 text", "UTF-16 text", "save it as UTF-8");
        Separator = dialect?.SeparatorOf(first) ?? ',';
        if (first.StartsWith(Encoding.UTF8.Preamble)) Discard(Encoding.UTF8.Preamble.Length);
    }

    /// <summary>What parts the fields.</summary>
    public char Separator { get; }

    /// <inheritdoc/>
    public override char? Parting => Separator;

    /// <summary>Whether a comma stands before the decimals of a number, in place of a point.</summary>
    public bool HasDecimalComma { get; init; }

    /// <summary>Opens a table that is written so.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="reader">Its bytes.</param>
    /// <param name="dialect">How it is written.</param>
    /// <param name="forModel">Whether a model reads.</param>
    public static new CsvRecords Open(string file, DataReader reader, TableDialect dialect, bool forModel = false) =>
        new(file, reader, dialect) { HasDecimalComma = dialect.HasDecimalComma, ForModel = forModel };

    /// <inheritdoc/>
    public override IReadOnlyList<CsvField> Fields => _fields;

    /// <summary>Where the current record ends: the place of its line end.</summary>
    public int End { get; private set; }

    /// <inheritdoc/>
    public override string[] ReadHeader(bool needsNames)
    {
        if (!Read())
            throw new BadInputException(_file, 1, 1, "a header row and rows of data", "an empty file", "check that the file was written to its end");
        var names = new string[_fields.Count];
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = Text(_fields[i]).Trim();
            if (names[i].Length == 0 && !needsNames) continue;
            if (names[i].Length == 0)
                throw Error(_fields[i].Start, "the name of a column", "an empty field", UnnamedAdvice(i));
            if (!seen.TryAdd(names[i], i))
                throw Error(_fields[i].Start, "different names of columns", $"'{names[i]}' again (it is column {seen[names[i]] + 1} too)", "rename one of them");
        }
        if (names.All(n => NumberText.IsWritten(n)))
            throw Error(_fields[0].Start, "a header row of names", $"numbers ('{Shown(_fields[0])}')", "add a first line with the names of the columns");
        return names;
    }

    /// <summary>Goes to the next record that is not an empty line.</summary>
    public override bool Read()
    {
        while (true)
        {
            while (_next < _filled && _bytes[_next] is (byte)'\n' or (byte)'\r') _next++;
            if (_next < _filled && TryReadRecord()) return true;
            if (_next >= _filled && _isLast) return false;
            Advance();
        }
    }

    /// <summary>Reads the record that begins here; false, with nothing changed, where the window may end within it.</summary>
    private bool TryReadRecord()
    {
        int start = _next;
        _fields.Clear();
        while (true)
        {
            int end = _next < _filled && _bytes[_next] == (byte)'"' ? ReadQuoted() : ReadPlain();
            if (end >= _filled && !_isLast)
            {
                _next = start;
                return false;
            }
            if (end >= _filled || _bytes[end] != (byte)Separator)
            {
                (End, _next) = (end, end);
                return true;
            }
            if (_fields.Count == FeatureLimits.ColumnsMax)
                throw Error(start, $"at most {FeatureLimits.ColumnsMax} columns", "more", $"leave out columns, or look for {TableDialect.NameOf(Separator)} that part none");
            _next = end + 1;
        }
    }

    /// <summary>Lets go of what was read, and reads more behind what is left; makes the window larger where one record fills it.</summary>
    private void Advance()
    {
        bool betweenLineEnds = _next == _filled && _next > 0 && _bytes[_next - 1] == (byte)'\r';     // the next byte decides whether it ends a line
        Discard(betweenLineEnds ? _next - 1 : _next);
        if (_filled == _bytes.Length)
        {
            if (_filled >= RecordBytesMax) throw Error(0, $"a record of at most {RecordBytesMax} bytes", "a longer one", "look for a quote that is never closed");
            Array.Resize(ref _bytes, 2 * _bytes.Length);
        }
        FillWindow();
    }

    private void Discard(int count)
    {
        _line += LinesIn(count);
        _bytes.AsSpan(count, _filled - count).CopyTo(_bytes);
        (_filled, _next) = (_filled - count, Math.Max(0, _next - count));
    }

    private void FillWindow()
    {
        int count = _reader.Fill(_bytes.AsSpan(_filled));
        _isLast = count < _bytes.Length - _filled;
        _filled += count;
    }

    /// <summary>The field's text.</summary>
    public override string Text(CsvField field)
    {
        try
        {
            string text = StrictUtf8.GetString(_bytes, field.Start, field.Length);
            return field.Quoted ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text.Trim();
        }
        catch (DecoderFallbackException)
        {
            throw Error(field.Start, "UTF-8 text", "bytes that are not", "save the file as UTF-8");
        }
    }

    /// <summary>Reads the field's number; false, and 0 or what is out of range as infinity, where it is none.</summary>
    public override bool TryNumber(CsvField field, out double value)
    {
        ReadOnlySpan<byte> text = NumberOf(field);
        if (!HasDecimalComma || !text.Contains((byte)',')) return NumberText.TryRead(text, out value) && !(HasDecimalComma && text.Contains((byte)'.'));
        value = 0;
        Span<byte> pointed = stackalloc byte[NumberBytesMax];
        if (text.Length > pointed.Length || text.Contains((byte)'.')) return false;
        text.Replace(pointed, (byte)',', (byte)'.');
        return NumberText.TryRead(pointed[..text.Length], out value);
    }

    /// <summary>Whether the field says that its value is missing.</summary>
    public override bool IsMissing(CsvField field)
    {
        ReadOnlySpan<byte> text = NumberOf(field);
        return text.Length <= MissingValue.BytesMax && MissingValue.Is(Encoding.UTF8.GetString(text));
    }

    /// <summary>The error of a field that holds no number: it is missing, text, or not finite.</summary>
    public override BadInputException NumberError(CsvField field, string column)
    {
        ReadOnlySpan<byte> text = NumberOf(field);
        if (text.IsEmpty)
            return Error(field.Start, $"a number in column '{column}'", "an empty field", ForModel ? "fill in the missing value, or leave out the row" : "fill in the missing value, or leave out the row or (data.ignore) the column");
        bool isFinite = !TryNumber(field, out double value) && double.IsFinite(value);
        if (text.Length <= NumberBytesMax && (!isFinite || IsNotANumber(text)))
            return Error(field.Start, $"a finite number in column '{column}'", $"'{Shown(field)}'", "fill in the missing value, or leave out the row");
        return Error(field.Start, $"a number in column '{column}'", $"'{Shown(field)}'", ForModel ? "correct it, or leave out the row" : AdviceFor(text));
    }

    /// <summary>The field's text, cut to what fits a message.</summary>
    public override string Shown(CsvField field)
    {
        string text = Encoding.UTF8.GetString(_bytes, field.Start, Math.Min(field.Length, 60));
        return field.Length > 60 ? text + "…" : text;
    }

    /// <summary>The error at this byte.</summary>
    public override BadInputException Error(int start, string wanted, string got, string advice)
    {
        (int line, int column) = Place(start);
        return new BadInputException(_file, line, column, wanted, got, advice);
    }

    /// <summary>The error of the current record as a whole, at its end.</summary>
    public override BadInputException ErrorAtEnd(string wanted, string got, string advice) => Error(End, wanted, got, advice);

    private ReadOnlySpan<byte> NumberOf(CsvField field) => _bytes.AsSpan(field.Start, field.Length).Trim(" \t"u8);

    private string AdviceFor(ReadOnlySpan<byte> text)
    {
        if (HasDecimalComma && text.Contains((byte)'.')) return "write no separators of thousands, or leave out data.decimal: comma";
        if (!HasDecimalComma && text.Count((byte)',') == 1 && text.IndexOfAnyExcept(s_ofCommaNumbers) < 0) return "write data.decimal: comma if that is one, or leave the column out with data.ignore";
        return "correct it, write data.encode: auto for columns of texts, or leave the column out with data.ignore";
    }

    private int ReadPlain()
    {
        int length = _bytes.AsSpan(_next, _filled - _next).IndexOfAny((byte)Separator, (byte)'\n', (byte)'\r');
        int end = length < 0 ? _filled : _next + length;
        _fields.Add(new CsvField(_next, end - _next, false));
        return end;
    }

    private int ReadQuoted()
    {
        int start = _next + 1, end = start;
        while (true)
        {
            int length = _bytes.AsSpan(end, _filled - end).IndexOf((byte)'"');
            if (length < 0 && !_isLast) return _filled;
            if (length < 0) throw Error(_next, "a closing quote", "the end of the file", "close the quote that opens here");
            end += length;
            if (end + 1 >= _filled || _bytes[end + 1] != (byte)'"') break;
            end += 2;
        }
        _fields.Add(new CsvField(start, end - start, true));
        end++;
        if (end < _filled && _bytes[end] != (byte)Separator && _bytes[end] is not ((byte)'\n' or (byte)'\r'))
            throw Error(end, $"a {TableDialect.NameOf(Separator)[..^1]} or the end of the line after a closing quote", $"'{(char)_bytes[end]}'", "write a quote inside quotes twice");
        return end;
    }

    private static string UnnamedAdvice(int column) => column == 0
        ? "pandas and R write row numbers into a first column without a name: leave it out with data.ignore: [ \"\" ], or name it in the header row"
        : $"name column {column + 1} in the header row, or leave columns without a name out with data.ignore: [ \"\" ]";

    private (int Line, int Column) Place(int offset)
    {
        int lineStart = 0;
        for (int i = 0; i < offset; i++)
            if (EndsLine(i)) lineStart = i + 1;
        int column = 1;
        for (int i = lineStart; i < offset; i++)
            if ((_bytes[i] & 0xC0) != 0x80) column++;      // a continuation byte is not a character of its own
        return (_line + LinesIn(offset), column);
    }

    private int LinesIn(int count)
    {
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(0, count);
        int lines = bytes.Count((byte)'\n');
        for (int i = bytes.IndexOf((byte)'\r'); i >= 0 && i < count; i++)
            if (bytes[i] == (byte)'\r' && EndsLine(i)) lines++;
        return lines;
    }

    private bool EndsLine(int at) => _bytes[at] == (byte)'\n' || (_bytes[at] == (byte)'\r' && (at + 1 >= _filled || _bytes[at + 1] != (byte)'\n'));

    private static bool IsNotANumber(ReadOnlySpan<byte> text)
    {
        string word = Encoding.UTF8.GetString(text).ToUpperInvariant();
        return MissingValue.Is(word) || word is "NONE" or "-" or "INF" or "-INF" or "+INF" or "INFINITY" or "-INFINITY";
    }
}
