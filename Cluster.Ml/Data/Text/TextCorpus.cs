using System.Runtime.InteropServices;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data.Text;

/// <summary>A text as numbers: its vocabulary, and the tokens of each split in reading order.</summary>
/// <remarks>
/// Range     the source is cut into consecutive parts: training, validation, test; the vocabulary is that of the training part
///           alone, so nothing of the other two leaks into it
/// Determinism  a pure function of the data section and the files' bytes; the seed has no say
/// </remarks>
/// <param name="Vocabulary">Counted over the training part.</param>
/// <param name="Training">[tokens] numbers of the vocabulary.</param>
/// <param name="Validation">[tokens]; may be none.</param>
/// <param name="Test">[tokens]; may be none.</param>
internal sealed record TextCorpus(Vocabulary Vocabulary, int[] Training, int[] Validation, int[] Test)
{
    /// <summary>Reads the text or texts of a job.</summary>
    /// <exception cref="BadInputException">A file cannot be read, is not UTF-8, or has too few tokens.</exception>
    public static TextCorpus Read(DataSpec data, RowStorage? storage = null)
    {
        TextSpec spec = data.Text ?? throw new ArgumentException("TextCorpus: wanted data of the format text.", nameof(data));
        (int[] tokens, string[] seen) = Number(PlainText.Read(data.Source, spec.Unit, storage), spec.Unit);
        int test = Share(tokens.Length, data.Split.Test), validation = Math.Min(Share(tokens.Length, data.Split.Validation), tokens.Length - test);
        int training = tokens.Length - validation - test;
        if (training == 0)
            throw new BadInputException(data.Source, null, null, "at least one token to learn from", $"none of {tokens.Length}", "use a longer text, or change data.split");

        Vocabulary vocabulary = Vocabulary.Of(Count(tokens.AsSpan(0, training), seen), spec.VocabularyMax, spec.MinimumCount);
        int[] ids = [.. seen.Select(token => vocabulary.IdOf(token))];
        foreach (ref int token in tokens.AsSpan()) token = ids[token];
        return new TextCorpus(
            vocabulary, tokens[..training], tokens[training..(training + validation)],
            spec.TestSource is { } own ? EncodeFile(own, vocabulary, spec.Unit, storage) : tokens[(training + validation)..]);
    }

    /// <summary>The tokens of a file in the numbers of a vocabulary.</summary>
    /// <exception cref="BadInputException">The file cannot be read, is not UTF-8, or is empty.</exception>
    public static int[] EncodeFile(string path, Vocabulary vocabulary, TextUnit unit, RowStorage? storage = null)
    {
        int[] tokens = Encode(PlainText.Read(path, unit, storage).AsSpan(), vocabulary, unit);
        return tokens.Length > 0 ? tokens
            : throw new BadInputException(path, null, null, "at least one token", "none", "check that the file was written to its end");
    }

    /// <summary>The tokens of a text in the numbers of a vocabulary.</summary>
    public static int[] Encode(ReadOnlySpan<char> text, Vocabulary vocabulary, TextUnit unit)
    {
        List<int> tokens = [];
        TokenReader reader = new(text, unit);
        while (reader.MoveNext()) tokens.Add(vocabulary.IdOf(reader.Current));
        return [.. tokens];
    }

    /// <summary>Numbers the tokens in the order in which they are first seen.</summary>
    private static (int[] Tokens, string[] Seen) Number(string text, TextUnit unit)
    {
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        List<int> tokens = [];
        TokenReader reader = new(text, unit);
        while (reader.MoveNext())
        {
            int next = numbers.Count;
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, reader.Current, out bool known);
            if (!known) number = next;
            tokens.Add(number);
        }
        return ([.. tokens], [.. numbers.OrderBy(pair => pair.Value).Select(pair => pair.Key)]);
    }

    private static KeyValuePair<string, long>[] Count(ReadOnlySpan<int> tokens, string[] seen)
    {
        var counts = new long[seen.Length];
        foreach (int token in tokens) counts[token]++;
        return [.. seen.Zip(counts, KeyValuePair.Create)];
    }

    private static int Share(int tokens, double fraction) => (int)Math.Round(tokens * fraction, MidpointRounding.AwayFromZero);
}
