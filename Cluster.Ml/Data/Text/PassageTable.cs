using Cluster.Ml.Numerics;

namespace Cluster.Ml.Data.Text;

/// <summary>A text as passages: rows of so many words each, with a margin on either side that windows may reach into.</summary>
/// <remarks>
/// Shapes    rows [passages, PassageWords + 2·margin] word numbers; <see cref="BetweenLines"/> at the end of a line, and where
///           the text has not begun or is over; row r begins at position r·PassageWords of its part of the text
/// Range     words that the vocabulary lacks are left out before anything is counted
/// </remarks>
/// <param name="Table">The rows: training, validation, test.</param>
/// <param name="Split">Which rows are which.</param>
/// <param name="Words">The vocabulary, the unknown word and the end of a line counted as 0.</param>
internal sealed record PassageTable(RowTable Table, SplitTable Split, WordCounts Words)
{
    /// <summary>Words of a passage, without its margins.</summary>
    public const int PassageWords = 128;

    /// <summary>Stands between lines.</summary>
    public const float BetweenLines = -1;

    /// <summary>Numbers of a row for windows of that size. Words that are left out make windows reach twice as far.</summary>
    public static int ColumnsFor(int window) => PassageWords + (2 * MarginFor(window));

    /// <summary>Numbers on either side of a passage.</summary>
    public static int MarginFor(int window) => 2 * window;

    /// <summary>Cuts the parts of a text.</summary>
    /// <param name="corpus">The text.</param>
    /// <param name="window">Words on either side of one.</param>
    /// <param name="file">What errors name.</param>
    public static PassageTable Of(TextCorpus corpus, int window, string file = "")
    {
        int[][] parts = [Clean(corpus.Training, corpus.Vocabulary), Clean(corpus.Validation, corpus.Vocabulary), Clean(corpus.Test, corpus.Vocabulary)];
        int[] rows = [.. parts.Select(part => (part.Length + PassageWords - 1) / PassageWords)];
        int columns = ColumnsFor(window), margin = MarginFor(window), row = 0;
        NumericBuffer numbers = new(NumberKind.Float32, TextLimits.Length(file, rows.Sum(), columns));
        for (int part = 0; part < parts.Length; part++)
            for (int passage = 0; passage < rows[part]; passage++, row++)
                Fill(numbers.Floats.Slice(row * columns, columns), parts[part], (passage * PassageWords) - margin);
        int[] all = [.. Enumerable.Range(0, row)];
        SplitTable split = new(all[..rows[0]], all[rows[0]..(rows[0] + rows[1])], all[(rows[0] + rows[1])..]);
        return new PassageTable(new RowTable(numbers, columns, []), split, WordsOf(corpus.Vocabulary));
    }

    private static void Fill(Span<float> row, ReadOnlySpan<int> words, int first)
    {
        for (int i = 0; i < row.Length; i++)
            row[i] = first + i >= 0 && first + i < words.Length ? words[first + i] : BetweenLines;
    }

    private static int[] Clean(int[] tokens, Vocabulary vocabulary)
    {
        int end = vocabulary.IdOf(TokenReader.EndOfLine);
        return [.. tokens.Where(token => token != Vocabulary.UnknownId).Select(token => token == end ? (int)BetweenLines : token)];
    }

    private static WordCounts WordsOf(Vocabulary vocabulary)
    {
        long[] counts = [.. vocabulary.Counts];
        counts[Vocabulary.UnknownId] = counts[vocabulary.IdOf(TokenReader.EndOfLine)] = 0;
        return new WordCounts([.. vocabulary.Tokens], counts);
    }
}
