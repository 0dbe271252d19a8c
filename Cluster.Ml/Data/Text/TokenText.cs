using System.Text;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data.Text;

/// <summary>Turns a prompt into tokens, and tokens back into a text that a person can read.</summary>
public static class TokenText
{
    private static readonly string[] s_beginnings = [TokenReader.EndOfLine, "\n", " "];

    /// <summary>The tokens of a prompt; of an empty one what a text most likely begins after: the end of a line.</summary>
    /// <param name="prompt">May be empty.</param>
    /// <param name="vocabulary">The model's.</param>
    /// <param name="unit">The model's.</param>
    public static IReadOnlyList<int> Encode(string prompt, Vocabulary vocabulary, TextUnit unit)
    {
        int[] tokens = TextCorpus.Encode(Folded(prompt, unit), vocabulary, unit);
        if (tokens.Length > 0) return tokens;
        string? beginning = s_beginnings.FirstOrDefault(token => vocabulary.IdOf(token) != Vocabulary.UnknownId);
        return [beginning is null ? Vocabulary.UnknownId : vocabulary.IdOf(beginning)];
    }

    /// <summary>The tokens of a prompt that the vocabulary does not have, each once: a model reads all of them as the same unknown one.</summary>
    /// <param name="prompt">May be empty.</param>
    /// <param name="vocabulary">The model's.</param>
    /// <param name="unit">The model's.</param>
    public static IReadOnlyList<string> FindUnknown(string prompt, Vocabulary vocabulary, TextUnit unit)
    {
        List<string> unknown = [];
        TokenReader reader = new(Folded(prompt, unit), unit);
        while (reader.MoveNext())
        {
            string token = reader.Current.ToString();
            if (vocabulary.IdOf(token) == Vocabulary.UnknownId && token != Vocabulary.Unknown && !unknown.Contains(token)) unknown.Add(token);
        }
        return unknown;
    }

    /// <summary>Puts tokens after a prompt: characters side by side, words with a blank between them, a line's end as such.</summary>
    /// <param name="prompt">May be empty.</param>
    /// <param name="tokens">Numbers of the vocabulary.</param>
    /// <param name="vocabulary">The model's.</param>
    /// <param name="unit">The model's.</param>
    public static string Join(string prompt, IEnumerable<int> tokens, Vocabulary vocabulary, TextUnit unit)
    {
        StringBuilder text = new(prompt);
        foreach (int token in tokens)
        {
            string word = vocabulary.Tokens[token];
            if (unit == TextUnit.Character)
            {
                text.Append(word);
                continue;
            }
            if (word == TokenReader.EndOfLine)
            {
                text.Append('\n');
                continue;
            }
            if (text.Length > 0 && !char.IsWhiteSpace(text[^1])) text.Append(' ');
            text.Append(word);
        }
        return text.ToString();
    }

    private static string Folded(string prompt, TextUnit unit) => unit == TextUnit.Letters ? prompt.ToLowerInvariant() : prompt;
}
