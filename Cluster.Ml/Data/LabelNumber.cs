namespace Cluster.Ml.Data;

/// <summary>The number that a label writes, in its exact decimal value: no digit is rounded away.</summary>
/// <remarks>
/// Equation  value = Sign · 0.Digits · 10^Exponent, where Digits neither begins nor ends with 0; zero has no digits
/// Range     a sign, digits, a point, an exponent below 10⁹; anything else is text
/// </remarks>
/// <param name="Sign">−1, 0 or 1.</param>
/// <param name="Digits">The significant digits.</param>
/// <param name="Exponent">The power of ten.</param>
internal readonly record struct LabelNumber(int Sign, string Digits, long Exponent) : IComparable<LabelNumber>
{
    private const int ExponentDigitsMax = 9;

    /// <summary>Reads a label.</summary>
    /// <param name="text">The label.</param>
    /// <param name="number">Its value.</param>
    /// <param name="isPadded">Whether it begins with zeros that a number does without, as postcodes and product numbers do.</param>
    public static bool TryRead(string text, out LabelNumber number, out bool isPadded)
    {
        (number, isPadded) = (default, false);
        ReadOnlySpan<char> rest = text.AsSpan().Trim(' ');
        bool isNegative = rest.StartsWith("-");
        if (isNegative || rest.StartsWith("+")) rest = rest[1..];
        int mantissa = rest.IndexOfAny('e', 'E');
        long exponent = 0;
        if (mantissa >= 0 && !TryReadExponent(rest[(mantissa + 1)..], out exponent)) return false;
        if (mantissa >= 0) rest = rest[..mantissa];
        int point = rest.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? rest : rest[..point], fraction = point < 0 ? [] : rest[(point + 1)..];
        if (whole.Length + fraction.Length == 0 || !AreDigits(whole) || !AreDigits(fraction)) return false;
        isPadded = whole.Length > 1 && whole[0] == '0';
        string all = string.Concat(whole, fraction), digits = all.TrimStart('0');
        exponent += whole.Length - (all.Length - digits.Length);
        digits = digits.TrimEnd('0');
        number = digits.Length == 0 ? new(0, "", 0) : new(isNegative ? -1 : 1, digits, exponent);
        return true;
    }

    /// <summary>By value.</summary>
    public int CompareTo(LabelNumber other)
    {
        if (Sign != other.Sign) return Sign.CompareTo(other.Sign);
        int magnitude = Exponent != other.Exponent ? Exponent.CompareTo(other.Exponent) : string.CompareOrdinal(Digits, other.Digits);
        return Sign * Math.Sign(magnitude);
    }

    private static bool TryReadExponent(ReadOnlySpan<char> text, out long exponent)
    {
        exponent = 0;
        bool isNegative = text.StartsWith("-");
        if (isNegative || text.StartsWith("+")) text = text[1..];
        if (text.Length is 0 or > ExponentDigitsMax || !AreDigits(text)) return false;
        foreach (char digit in text) exponent = (10 * exponent) + (digit - '0');
        if (isNegative) exponent = -exponent;
        return true;
    }

    private static bool AreDigits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;
}
