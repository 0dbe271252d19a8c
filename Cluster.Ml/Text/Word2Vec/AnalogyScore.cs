namespace Cluster.Ml.Text.Word2Vec;

/// <summary>How many questions of the form "a is to b as c is to d" word vectors answer.</summary>
/// <remarks>
/// Format    a question a line, four words; lines that begin with a colon name sections; upper case counts as lower case
/// Range     questions with a word that the vocabulary lacks are not asked
/// Source    the questions-words.txt of Mikolov, Chen, Corrado, Dean, "Efficient Estimation of Word Representations in Vector Space",
///           ICLR 2013, § 4.1
/// </remarks>
/// <param name="Asked">Questions whose four words are known.</param>
/// <param name="First">Of these, how many had the right word as the nearest.</param>
/// <param name="AmongFive">How many had it among the five nearest.</param>
public readonly record struct AnalogyScore(int Asked, int First, int AmongFive)
{
    private const int Looked = 5, WordsOfQuestion = 4;

    /// <summary>Asks every question of a text.</summary>
    public static AnalogyScore Of(NearestWords words, IEnumerable<string> lines)
    {
        (int asked, int first, int five) = (0, 0, 0);
        foreach (string line in lines)
        {
            if (line.StartsWith(':')) continue;
            string[] question = line.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (question.Length != WordsOfQuestion || !question.All(words.Knows)) continue;
            IReadOnlyList<NearWord> answers = words.Analogy(question[0], question[1], question[2], Looked);
            int at = answers.ToList().FindIndex(answer => answer.Word == question[3]);
            asked++;
            if (at == 0) first++;
            if (at >= 0) five++;
        }
        return new AnalogyScore(asked, first, five);
    }
}
