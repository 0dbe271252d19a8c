using System.Globalization;
using System.Text;

namespace Cluster.Ml.Data;

/// <summary>Text of files and other nodes as a person may safely look at it: what a terminal would obey is shown instead.</summary>
/// <remarks>Range  control characters, those that turn the direction of writing, line separators and halves of pairs become \x1b or \u202e</remarks>
public static class VisibleText
{
    /// <summary>The text with its lines and tabs.</summary>
    public static string Of(string text) => Of(text, keepsLines: true);

    /// <summary>The text in one line.</summary>
    public static string InLine(string text) => Of(text, keepsLines: false);

    private static string Of(string text, bool keepsLines)
    {
        int first = 0;
        while (first < text.Length && IsHarmless(text, first, keepsLines)) first++;
        if (first == text.Length) return text;
        StringBuilder visible = new(text, 0, first, text.Length + 16);
        for (int i = first; i < text.Length; i++)
            if (IsHarmless(text, i, keepsLines)) visible.Append(text[i]);
            else visible.Append(Escaped(text[i]));
        return visible.ToString();
    }

    private static bool IsHarmless(string text, int at, bool keepsLines)
    {
        char letter = text[at];
        if (letter is >= ' ' and < '\x7f') return true;
        if (letter is '\n' or '\t') return keepsLines;
        if (char.IsHighSurrogate(letter)) return at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
        if (char.IsLowSurrogate(letter)) return at > 0 && char.IsHighSurrogate(text[at - 1]);
        return !char.IsControl(letter) && letter is not ('\u061c' or '\u200e' or '\u200f' or '\u2028' or '\u2029')
            && letter is not (>= '\u202a' and <= '\u202e') and not (>= '\u2066' and <= '\u2069');
    }

    private static string Escaped(char letter) => letter switch
    {
        '\n' => "\\n",
        '\t' => "\\t",
        '\r' => "\\r",
        <= '\xff' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
    };
}
