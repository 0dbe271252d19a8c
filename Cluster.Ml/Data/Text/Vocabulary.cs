using System.Collections.Frozen;

namespace Cluster.Ml.Data.Text;

/// <summary>The tokens that a model tells apart, and the number of each.</summary>
/// <remarks>
/// Range     token 0 is <see cref="Unknown"/>; the others by falling count, equal counts by UTF-16 code
/// Determinism  a pure function of the counts
/// </remarks>
public sealed class Vocabulary
{
    /// <summary>The token that stands for all that is not in the vocabulary; a text may also hold it itself.</summary>
    public const string Unknown = "<unk>";

    /// <summary>The number of <see cref="Unknown"/>.</summary>
    public const int UnknownId = 0;

    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;

    private Vocabulary(string[] tokens, long[] counts)
    {
        Tokens = tokens;
        Counts = counts;
        _ids = tokens.Select((token, id) => KeyValuePair.Create(token, id))
            .ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The tokens in the order of their numbers.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>How often the training part holds each; empty if the vocabulary comes from a model file.</summary>
    public IReadOnlyList<long> Counts { get; }

    /// <summary>How many tokens.</summary>
    public int Size => Tokens.Count;

    /// <summary>The number of a token, or <see cref="UnknownId"/>.</summary>
    public int IdOf(ReadOnlySpan<char> token) => _ids.TryGetValue(token, out int id) ? id : UnknownId;

    /// <summary>The vocabulary of a trained model.</summary>
    /// <param name="tokens">In the order of their numbers.</param>
    /// <exception cref="ArgumentException">They do not begin with the unknown token, or one is there twice.</exception>
    public static Vocabulary Of(IReadOnlyList<string> tokens)
    {
        if (tokens.Count == 0 || tokens[UnknownId] != Unknown || tokens.Distinct(StringComparer.Ordinal).Count() != tokens.Count)
            throw new ArgumentException($"Vocabulary: wanted different tokens that begin with {Unknown}, got {tokens.Count}.", nameof(tokens));
        return new Vocabulary([.. tokens], []);
    }

    /// <summary>The most frequent tokens of a text.</summary>
    /// <param name="counts">Each token once, with its count.</param>
    /// <param name="most">The most tokens, the unknown one among them.</param>
    /// <param name="least">A token with a smaller count is unknown.</param>
    internal static Vocabulary Of(IReadOnlyList<KeyValuePair<string, long>> counts, int most, int least)
    {
        KeyValuePair<string, long>[] known = [.. counts
            .Where(pair => pair.Key != Unknown && pair.Value >= Math.Max(least, 1))
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(most - 1)];
        long unknown = counts.Sum(pair => pair.Value) - known.Sum(pair => pair.Value);
        return new Vocabulary([Unknown, .. known.Select(pair => pair.Key)], [unknown, .. known.Select(pair => pair.Value)]);
    }
}
