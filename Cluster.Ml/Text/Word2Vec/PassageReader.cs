using Cluster.Ml.Data.Text;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Text.Word2Vec;

/// <summary>Leaves frequent words of a passage out at random, and says how far the window of each other word reaches.</summary>
/// <remarks>
/// Equation  word w of share f(w) of the text is kept with probability √(t / f) + t / f;  its window reaches b words to either
///           side, b uniform in 1 … window, of words that were kept, and not beyond the end of a line
/// Range     each decision depends on (seed, epoch, position in the text) alone
/// Source    Mikolov et al., "Distributed Representations of Words and Phrases and their Compositionality", NIPS 2013, § 2.3,
///           in the form of the authors' program; Mikolov, Chen, Corrado, Dean, "Efficient Estimation of Word Representations in
///           Vector Space", ICLR 2013, § 3.2 (the shrinking window)
/// </remarks>
internal sealed class PassageReader
{
    private const double TwoTo32 = 4294967296.0;
    private readonly ulong _seed;
    private readonly int _window, _margin;
    private readonly uint[] _keepBelow;
    private readonly int[] _positions;
    private readonly ulong[] _random;
    private readonly int[] _words, _places, _starts, _ends;

    public PassageReader(EmbeddingPlan plan)
    {
        (_seed, _window) = (plan.Seed, plan.Embedding.Window);
        _margin = PassageTable.MarginFor(_window);
        int columns = plan.Columns;
        (_positions, _random) = (new int[columns], new ulong[columns]);
        (_words, _places, _starts, _ends) = (new int[columns], new int[columns], new int[columns], new int[columns]);
        double threshold = plan.Embedding.Subsample * plan.Counts.Sum();
        _keepBelow = [.. plan.Counts.Select(count => KeepBelow(count, threshold))];
    }

    /// <summary>How many words were kept, those of the margins among them.</summary>
    public int Kept { get; private set; }

    /// <summary>How many words the passage has, without the margins, before any was left out.</summary>
    public int WordsRead { get; private set; }

    /// <summary>The kept words, in order.</summary>
    public ReadOnlySpan<int> Words => _words.AsSpan(0, Kept);

    /// <summary>Whether a kept word is in the passage itself, not in a margin.</summary>
    public bool IsCentre(int kept) => IsWithin(_places[kept]);

    /// <summary>Where in the text a kept word is.</summary>
    public int PositionOf(int kept) => _positions[_places[kept]];

    /// <summary>The kept words around one: from First, before End, itself among them.</summary>
    public (int First, int End) WindowOf(int kept)
    {
        int reach = 1 + (int)((_random[_places[kept]] >> 32) * (ulong)_window >> 32);
        return (Math.Max(_starts[kept], kept - reach), Math.Min(_ends[kept], kept + reach + 1));
    }

    /// <summary>Reads one passage.</summary>
    /// <param name="passage">[Columns] words, negative between lines.</param>
    /// <param name="row">Which row of the table it is.</param>
    /// <param name="major">The epoch, or another number that keys the randomness.</param>
    public void Read(ReadOnlySpan<float> passage, int row, long major)
    {
        for (int i = 0; i < _positions.Length; i++) _positions[i] = (row * PassageTable.PassageWords) + i;
        Philox.FillFirst(_random, _seed, RandomPurpose.WordWindow, major, _positions);
        (Kept, WordsRead) = (0, 0);
        int start = 0;
        for (int place = 0; place < passage.Length; place++)
        {
            int word = (int)passage[place];
            if (word < 0)
            {
                EndLine(start);
                start = Kept;
                continue;
            }
            if (IsWithin(place)) WordsRead++;
            if (_keepBelow[word] != uint.MaxValue && (uint)_random[place] >= _keepBelow[word]) continue;
            (_words[Kept], _places[Kept], _starts[Kept]) = (word, place, start);
            Kept++;
        }
        EndLine(start);
    }

    private bool IsWithin(int place) => (uint)(place - _margin) < PassageTable.PassageWords;

    private void EndLine(int start)
    {
        for (int kept = start; kept < Kept; kept++) _ends[kept] = Kept;
    }

    private static uint KeepBelow(long count, double threshold)
    {
        if (threshold <= 0 || count == 0) return uint.MaxValue;
        double keep = Math.Sqrt(threshold / count) + (threshold / count);
        return keep >= 1 ? uint.MaxValue : (uint)(keep * TwoTo32);
    }
}
