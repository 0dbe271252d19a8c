using System.Buffers;
using System.Globalization;
using System.Numerics;

namespace Cluster;

/// <summary>
/// How a number is written, wherever a person or a file writes one: flags, settings, job files, data. Digits, a point, a sign, an exponent;
/// no blanks, no separators of thousands, no decimal comma, no currency, no NaN or infinity, whatever the machine's culture.
/// </summary>
/// <remarks>
/// Range    a whole number is [+-]digits; any other [+-]digits.digits[e[+-]digits], finite; the point and what is on one side of it may be absent
/// Differs  from the platform's parsers, whose default takes "1,1" for 11 and trailing NUL characters for nothing
/// </remarks>
internal static class NumberText
{
    private const string Letters = "0123456789+-.eE";
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign, Real = Whole | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private static readonly SearchValues<char> s_letters = SearchValues.Create(Letters);
    private static readonly SearchValues<byte> s_letterBytes = SearchValues.Create("0123456789+-.eE"u8);

    /// <summary>Reads a number of this type; false, and 0 or what is out of range as infinity, if the text is none.</summary>
    public static bool TryRead<T>(ReadOnlySpan<char> text, out T value)
        where T : INumberBase<T>
    {
        value = T.Zero;
        return !text.IsEmpty && text.IndexOfAnyExcept(s_letters) < 0
            && T.TryParse(text, StyleOf<T>(), CultureInfo.InvariantCulture, out value!) && T.IsFinite(value);
    }

    /// <summary>Reads a number from UTF-8, by the same rule.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        return !text.IsEmpty && text.IndexOfAnyExcept(s_letterBytes) < 0
            && double.TryParse(text, Real, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    /// <summary>Whether the text is written as a whole number or another, be it finite or not.</summary>
    public static bool IsWritten(ReadOnlySpan<char> text) => TryRead(text, out double value) || double.IsInfinity(value);

    private static NumberStyles StyleOf<T>() =>
        typeof(T) == typeof(double) || typeof(T) == typeof(float) || typeof(T) == typeof(decimal) ? Real : Whole;
}
