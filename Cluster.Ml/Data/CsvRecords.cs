using System.Globalization;
using System.Text;

namespace Cluster.Ml.Data;

/// <summary>One field of a record: where its text is in the file.</summary>
internal readonly record struct CsvField(int Start, int Length, bool Quoted);

/// <summary>Cuts CSV bytes into records and fields and knows the line and column of each.</summary>
/// <remarks>
/// Range     commas; quotes as in RFC 4180, with line ends inside them; LF, CRLF or CR; a UTF-8 byte order mark; empty lines are skipped
/// Differs   from general CSV readers in that the place of a fault is computed from the bytes, for every field, at no cost until it is needed
/// Source    RFC 4180
/// </remarks>
internal sealed class CsvRecords
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private readonly string _file;
    private readonly byte[] _bytes;
    private readonly int _start;
    private readonly List<CsvField> _fields = [];
    private int _next;

    public CsvRecords(string file, byte[] bytes)
    {
        _file = file;
        _bytes = bytes;
        if (bytes.AsSpan().StartsWith(new byte[] { 0xFF, 0xFE }) || bytes.AsSpan().StartsWith(new byte[] { 0xFE, 0xFF }))
            throw new BadInputException(file, 1, 1, "UTF-8 text", "UTF-16 text", "save it as UTF-8");
        _start = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? 3 : 0;
        _next = _start;
    }

    /// <summary>The fields of the current record.</summary>
    public IReadOnlyList<CsvField> Fields => _fields;

    /// <summary>Where the current record ends: the place of its line end.</summary>
    public int End { get; private set; }

    /// <summary>Goes to the next record that is not an empty line.</summary>
    public bool Read()
    {
        while (_next < _bytes.Length && _bytes[_next] is (byte)'\n' or (byte)'\r') _next++;
        if (_next >= _bytes.Length) return false;
        _fields.Clear();
        while (true)
        {
            int end = _bytes[_next] == (byte)'"' ? ReadQuoted() : ReadPlain();
            if (end >= _bytes.Length || _bytes[end] != (byte)',')
            {
                (End, _next) = (end, end);
                return true;
            }
            _next = end + 1;
            if (_next < _bytes.Length) continue;
            _fields.Add(new CsvField(_next, 0, false));     // the file ends with a comma
            End = _next;
            return true;
        }
    }

    /// <summary>The field's text.</summary>
    public string Text(CsvField field)
    {
        try
        {
            string text = StrictUtf8.GetString(_bytes, field.Start, field.Length);
            return field.Quoted ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text.Trim();
        }
        catch (DecoderFallbackException)
        {
            throw Fault(field.Start, "UTF-8 text", "bytes that are not", "save the file as UTF-8");
        }
    }

    /// <summary>The field's number.</summary>
    /// <exception cref="BadInputException">It is missing, text, or not finite.</exception>
    public double Number(CsvField field, string column)
    {
        ReadOnlySpan<byte> text = _bytes.AsSpan(field.Start, field.Length).Trim((byte)' ');
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)) return value;
        if (text.IsEmpty)
            throw Fault(field.Start, $"a number in column '{column}'", "an empty field", "fill in the missing value, or leave out the row or (data.ignore) the column");
        if (text.Length <= 64 && (!double.IsFinite(value) || IsNotANumber(text)))
            throw Fault(field.Start, $"a finite number in column '{column}'", $"'{Shown(field)}'", "fill in the missing value, or leave out the row");
        throw Fault(field.Start, $"a number in column '{column}'", $"'{Shown(field)}'", "correct it, or leave the column out with data.ignore");
    }

    /// <summary>The field's text, cut to what fits a message.</summary>
    public string Shown(CsvField field)
    {
        string text = Encoding.UTF8.GetString(_bytes, field.Start, Math.Min(field.Length, 60));
        return field.Length > 60 ? text + "…" : text;
    }

    /// <summary>The fault at this byte.</summary>
    public BadInputException Fault(int offset, string wanted, string got, string advice)
    {
        (int line, int column) = Place(offset);
        return new BadInputException(_file, line, column, wanted, got, advice);
    }

    /// <summary>The fault of the current record as a whole, at its end.</summary>
    public BadInputException FaultAtEnd(string wanted, string got, string advice) => Fault(End, wanted, got, advice);

    private int ReadPlain()
    {
        int length = _bytes.AsSpan(_next).IndexOfAny((byte)',', (byte)'\n', (byte)'\r');
        int end = length < 0 ? _bytes.Length : _next + length;
        _fields.Add(new CsvField(_next, end - _next, false));
        return end;
    }

    private int ReadQuoted()
    {
        int start = _next + 1, end = start;
        while (true)
        {
            int length = _bytes.AsSpan(end).IndexOf((byte)'"');
            if (length < 0) throw Fault(_next, "a closing quote", "the end of the file", "close the quote that opens here");
            end += length;
            if (end + 1 >= _bytes.Length || _bytes[end + 1] != (byte)'"') break;
            end += 2;
        }
        _fields.Add(new CsvField(start, end - start, true));
        end++;
        if (end < _bytes.Length && _bytes[end] is not ((byte)',' or (byte)'\n' or (byte)'\r'))
            throw Fault(end, "a comma or the end of the line after a closing quote", $"'{(char)_bytes[end]}'", "write a quote inside quotes twice");
        return end;
    }

    private (int Line, int Column) Place(int offset)
    {
        (int line, int lineStart) = (1, _start);
        for (int i = _start; i < offset; i++)
        {
            bool ends = _bytes[i] == (byte)'\n' || (_bytes[i] == (byte)'\r' && (i + 1 >= _bytes.Length || _bytes[i + 1] != (byte)'\n'));
            if (ends) (line, lineStart) = (line + 1, i + 1);
        }
        int column = 1;
        for (int i = lineStart; i < offset; i++)
            if ((_bytes[i] & 0xC0) != 0x80) column++;      // a continuation byte is not a character of its own
        return (line, column);
    }

    private static bool IsNotANumber(ReadOnlySpan<byte> text)
    {
        string word = Encoding.UTF8.GetString(text).ToUpperInvariant();
        return word is "NAN" or "NA" or "N/A" or "NULL" or "NONE" or "?" or "-" or "INF" or "-INF" or "+INF" or "INFINITY" or "-INFINITY";
    }
}
