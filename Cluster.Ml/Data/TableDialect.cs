namespace Cluster.Ml.Data;

/// <summary>How a table is written.</summary>
/// <param name="Separator">What parts the columns; null where the file shows it.</param>
/// <param name="HasDecimalComma">Whether a comma stands before the decimals of a number, in place of a point.</param>
public sealed record TableDialect(char? Separator, bool HasDecimalComma)
{
    /// <summary>A separator that the file shows, and decimal points.</summary>
    public static readonly TableDialect Usual = new(null, false);

    /// <summary>The words of data.separator.</summary>
    internal static readonly IReadOnlyList<KeyValuePair<string, char?>> Separators = [new("auto", null), new("comma", ','), new("semicolon", ';'), new("tab", '\t'), new("pipe", '|')];

    private const int LookedAtBytes = 1 << 16;

    /// <summary>The separator that a word of data.separator stands for; null for auto, and without a word.</summary>
    /// <param name="word">The word, or null.</param>
    public static char? SeparatorOfWord(string? word) => Separators.FirstOrDefault(known => known.Key == word).Value;

    /// <summary>What parts the columns of a table.</summary>
    /// <remarks>
    /// Range  if the first two records have the same number of commas outside quotes, and some, commas; else the one of the others of which
    ///        they have the same number, the most first; else whichever the header has most of, commas if it has none
    /// </remarks>
    /// <param name="bytes">What the table begins with; no more than 64 KiB are looked at.</param>
    internal char SeparatorOf(ReadOnlySpan<byte> bytes)
    {
        if (Separator is { } stated) return stated;
        (int[] header, int[] row) = CountFirstRecords(bytes[..Math.Min(bytes.Length, LookedAtBytes)]);
        IEnumerable<int> all = Enumerable.Range(0, header.Length);
        int[] agreeing = [.. all.Where(i => header[i] > 0 && header[i] == row[i])];
        int best = agreeing.Contains(0) ? 0 : (agreeing.Length > 0 ? agreeing : all).MaxBy(i => header[i]);
        return Separators[1 + best].Value!.Value;
    }

    /// <summary>The name of a separator, in a sentence: 'commas'.</summary>
    /// <param name="separator">One of those that data.separator names.</param>
    public static string NameOf(char separator) => $"{Separators.First(word => word.Value == separator).Key}s";

    /// <summary>How many of each separator the header and the first row hold outside quotes.</summary>
    private static (int[] Header, int[] Row) CountFirstRecords(ReadOnlySpan<byte> bytes)
    {
        int[][] counts = [new int[Separators.Count - 1], new int[Separators.Count - 1]];
        (int record, bool isQuoted, bool isEmpty) = (0, false, true);
        foreach (byte letter in bytes)
        {
            if (letter == (byte)'"') isQuoted = !isQuoted;
            if (!isQuoted && letter is (byte)'\n' or (byte)'\r')
            {
                if (!isEmpty) record++;
                isEmpty = true;
                if (record == counts.Length) break;
                continue;
            }
            isEmpty = false;
            for (int i = 0; !isQuoted && i < counts[record].Length; i++)
                if (letter == Separators[i + 1].Value) counts[record][i]++;
        }
        return (counts[0], counts[1]);
    }
}
