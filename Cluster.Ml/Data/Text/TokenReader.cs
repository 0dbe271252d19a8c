using System.Text;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data.Text;

/// <summary>Cuts a text into tokens, one after another.</summary>
/// <remarks>
/// Range     character: Unicode scalar values; word: runs without white space; letters: runs of letters and apostrophes.
///           Words and letters give <see cref="EndOfLine"/> for every line feed
/// Cost      no allocation: a token is a piece of the text
/// </remarks>
/// <param name="text">In lower case where the unit is letters: <see cref="PlainText"/> sees to it.</param>
/// <param name="unit">What a token is.</param>
internal ref struct TokenReader(ReadOnlySpan<char> text, TextUnit unit)
{
    /// <summary>The token that stands for the end of a line, where characters are not the tokens.</summary>
    public const string EndOfLine = "<eos>";

    private readonly ReadOnlySpan<char> _text = text;
    private int _next;

    /// <summary>The token; holds until the next call of <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Goes to the next token.</summary>
    public bool MoveNext() => unit == TextUnit.Character ? MoveToCharacter() : MoveToWord();

    private bool MoveToCharacter()
    {
        if (_next >= _text.Length) return false;
        Rune.DecodeFromUtf16(_text[_next..], out _, out int length);
        Current = _text.Slice(_next, length);
        _next += length;
        return true;
    }

    private bool MoveToWord()
    {
        for (; _next < _text.Length; _next++)
        {
            if (_text[_next] == '\n')
            {
                _next++;
                Current = EndOfLine;
                return true;
            }
            if (!IsPart(_text[_next])) continue;
            int start = _next;
            while (_next < _text.Length && IsPart(_text[_next])) _next++;
            Current = _text[start.._next];
            return true;
        }
        return false;
    }

    private readonly bool IsPart(char letter) => unit == TextUnit.Word ? !char.IsWhiteSpace(letter) : char.IsLetter(letter) || letter == '\'';
}
