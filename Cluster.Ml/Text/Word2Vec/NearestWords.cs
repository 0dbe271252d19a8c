using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Text.Word2Vec;

/// <summary>A word and how near it is.</summary>
/// <param name="Word">As it is written in the vocabulary.</param>
/// <param name="Cosine">−1 … 1.</param>
public readonly record struct NearWord(string Word, double Cosine);

/// <summary>Words by the cosine of their vectors.</summary>
/// <remarks>
/// Equation  nearest to w: largest ⟨v, w⟩ / (|v|·|w|); a is to b as c is to d: the d nearest to b/|b| − a/|a| + c/|c|, none of a, b, c
/// Range     equal cosines by the word's number, that is the more frequent first; a vector of zeros is near nothing
/// Source    Mikolov, Yih, Zweig, "Linguistic Regularities in Continuous Space Word Representations", NAACL 2013, § 4
/// </remarks>
public sealed class NearestWords
{
    private readonly WordCounts _words;
    private readonly Dictionary<string, int> _numbers;
    private readonly float[] _units;        // [words, width], of length 1
    private readonly int _width;

    /// <param name="words">The words by their numbers; one that counts 0 is no word.</param>
    /// <param name="vectors">[words, width].</param>
    /// <param name="width">Numbers of a vector.</param>
    public NearestWords(WordCounts words, ReadOnlySpan<float> vectors, int width)
    {
        (_words, _width, _units) = (words, width, vectors.ToArray());
        _numbers = Enumerable.Range(0, words.Texts.Count).Where(word => words.Counts[word] > 0).ToDictionary(word => words.Texts[word], StringComparer.Ordinal);
        for (int word = 0; word < words.Texts.Count; word++) Normalize(_units.AsSpan(word * width, width));
    }

    /// <summary>Whether the vocabulary has it.</summary>
    public bool Knows(string word) => _numbers.ContainsKey(word);

    /// <summary>The nearest words, the nearest first.</summary>
    /// <exception cref="KeyNotFoundException">The vocabulary has no such word.</exception>
    public IReadOnlyList<NearWord> Of(string word, int count) => Nearest(UnitOf(_numbers[word]).ToArray(), [_numbers[word]], count);

    /// <summary>The words that are to <paramref name="c"/> as <paramref name="b"/> is to <paramref name="a"/>, the best first.</summary>
    /// <exception cref="KeyNotFoundException">The vocabulary lacks one of them.</exception>
    public IReadOnlyList<NearWord> Analogy(string a, string b, string c, int count)
    {
        float[] wanted = new float[_width];
        ReadOnlySpan<float> from = UnitOf(_numbers[a]), to = UnitOf(_numbers[b]), other = UnitOf(_numbers[c]);
        for (int i = 0; i < _width; i++) wanted[i] = to[i] - from[i] + other[i];
        Normalize(wanted);
        return Nearest(wanted, [_numbers[a], _numbers[b], _numbers[c]], count);
    }

    private List<NearWord> Nearest(float[] wanted, int[] without, int count) =>
    [
        .. _numbers.Values.Where(word => !without.Contains(word))
            .Select(word => (Word: word, Cosine: Dot(wanted, UnitOf(word))))
            .OrderByDescending(near => near.Cosine).ThenBy(near => near.Word).Take(count)
            .Select(near => new NearWord(_words.Texts[near.Word], near.Cosine)),
    ];

    private ReadOnlySpan<float> UnitOf(int word) => _units.AsSpan(word * _width, _width);

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += (double)a[i] * b[i];
        return sum;
    }

    private static void Normalize(Span<float> vector)
    {
        double length = Math.Sqrt(Dot(vector, vector));
        if (length > 0) Reductions.Scale(vector, (float)(1 / length));
    }
}
