using System.Globalization;
using System.Text;
using Cluster.Ml.Data;

namespace Cluster.Ml.Export;

/// <summary>Vectors of words as text, which other programs read.</summary>
/// <remarks>
/// Format    a line "words dimensions", then a line a word: the word, and its numbers, a space before each; UTF-8
/// Range     words that count 0 are left out; the others by their numbers, so the more frequent first; numbers in the shortest form
///           that reads back to the same bits
/// Source    what the program beside Mikolov, Chen, Corrado, Dean, "Efficient Estimation of Word Representations in Vector Space",
///           ICLR 2013, writes without -binary; gensim calls it the word2vec format
/// </remarks>
public static class WordVectorFile
{
    /// <summary>Writes them; the path always holds a whole file, the old or the new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="words">The words by their numbers.</param>
    /// <param name="vectorOf">A word's vector, of its number.</param>
    /// <exception cref="BadInputException">A word has white space in it.</exception>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    public static void Write(string path, WordCounts words, Func<int, ReadOnlySpan<float>> vectorOf) => AtomicFile.Write(path, file =>
    {
        int[] counted = [.. Enumerable.Range(0, words.Texts.Count).Where(word => words.Counts[word] > 0)];
        foreach (int word in counted)
            if (words.Texts[word].Any(char.IsWhiteSpace))
                throw new BadInputException(path, null, null, "words without white space, which parts the fields of this format", $"'{words.Texts[word]}'", "train with data.unit: word or letters");
        using StreamWriter text = new(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        text.Write(string.Create(CultureInfo.InvariantCulture, $"{counted.Length} {vectorOf(counted[0]).Length}\n"));
        foreach (int word in counted)
        {
            text.Write(words.Texts[word]);
            foreach (float number in vectorOf(word)) text.Write(string.Create(CultureInfo.InvariantCulture, $" {number}"));
            text.Write('\n');
        }
    });
}
