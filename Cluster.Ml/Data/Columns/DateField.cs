using System.Buffers;
using System.Globalization;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data.Columns;

/// <summary>A column of dates: what a row holds is the number of days from 0001-01-01.</summary>
/// <remarks>Range  2024-12-31, 2024/12/31, 31.12.2024; a time of day behind the date is not looked at. Dates of which day and month may be mistaken are refused</remarks>
internal sealed class DateField : FieldReader
{
    private static readonly SearchValues<char> s_ofTimes = SearchValues.Create("0123456789:.,+-Z ");
    private static readonly string[] s_formats = ["yyyy-M-d", "yyyy/M/d", "d.M.yyyy"];

    public override RawColumn Column { get; } = new(ColumnKind.Date, []);

    public override double Read(TableRecords records, CsvField field, string name)
    {
        string text = records.Text(field);
        if (TryRead(text, out DateOnly date)) return date.DayNumber;
        if (MissingValue.Is(text)) return double.NaN;
        throw records.Error(
            field.Start, $"a date in column '{name}'", $"'{records.Shown(field)}'", "write year-month-day, as 2024-12-31, or leave the column out with data.ignore");
    }

    /// <summary>Reads a date.</summary>
    public static bool TryRead(string text, out DateOnly date)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        int end = rest.IndexOfAny(' ', 'T');
        if (end > 0 && IsTime(rest[(end + 1)..])) rest = rest[..end];
        return DateOnly.TryParseExact(rest, s_formats, CultureInfo.InvariantCulture, default, out date);
    }

    private static bool IsTime(ReadOnlySpan<char> text) => text.Length >= 4 && char.IsAsciiDigit(text[0]) && text.IndexOfAnyExcept(s_ofTimes) < 0;
}
