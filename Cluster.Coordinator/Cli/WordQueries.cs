using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Text.Word2Vec;

namespace Cluster.Coordinator.Cli;

/// <summary>What `inspect` can be asked of a word2vec model: nearest words, analogies, how many questions it answers, and its vectors.</summary>
internal sealed class WordQueries
{
    private const int Shown = 10, WordsOfAnalogy = 3;

    private readonly Option<string[]> _nearest = new("--nearest") { Description = "word2vec: the nearest words of WORD. Repeatable." };
    private readonly Option<string[]> _analogy = new("--analogy") { Description = "word2vec: A,B,C asks what is to C as B is to A. Repeatable." };
    private readonly Option<string?> _questions = new("--questions") { Description = "word2vec: a file of questions, four words a line; says how many are answered rightly." };
    private readonly Option<string?> _vectors = new("--vectors") { Description = "word2vec: writes the words' vectors to this text file, which gensim reads." };

    public void AddTo(Command command)
    {
        command.Add(_nearest);
        command.Add(_analogy);
        command.Add(_questions);
        command.Add(_vectors);
    }

    public bool AreAsked(ParseResult parsed) =>
        parsed.GetValue(_nearest) is { Length: > 0 } || parsed.GetValue(_analogy) is { Length: > 0 }
        || parsed.GetValue(_questions) is not null || parsed.GetValue(_vectors) is not null;

    /// <summary>Answers what was asked.</summary>
    /// <exception cref="BadInputException">It is another kind of model, or lacks a word.</exception>
    public int Answer(Terminal terminal, ParseResult parsed, string path, SavedModel? saved, bool json)
    {
        if (saved?.CreateLearner() is not Word2VecLearner learner)
            throw new BadInputException(path, null, null, "a model of kind word2vec", saved?.Spec.Model.Kind ?? "a job", "train one, then ask the model file");
        NearestWords words = learner.VectorsOf(saved.Model.State);
        JsonObject result = [];
        foreach (string word in parsed.GetValue(_nearest) ?? [])
            Add(terminal, result, json, word, words.Of(Known(words, path, word), Shown));
        foreach (string analogy in parsed.GetValue(_analogy) ?? [])
        {
            string[] asked = analogy.Split(',', StringSplitOptions.TrimEntries);
            if (asked.Length != WordsOfAnalogy) throw new CommandFailedException(ExitCode.Usage, $"--analogy: wanted three words A,B,C, got '{analogy}'.");
            foreach (string word in asked) Known(words, path, word);
            Add(terminal, result, json, analogy, words.Analogy(asked[0], asked[1], asked[2], Shown));
        }
        if (parsed.GetValue(_questions) is { } file) Add(terminal, result, json, AnalogyScore.Of(words, File.ReadLines(file)));
        if (parsed.GetValue(_vectors) is { } vectors)
        {
            OutputFile.Require(vectors, _vectors.Name, path);
            WordVectorFile.Write(vectors, saved.Shape.Words!, word => learner.VectorOf(saved.Model.State, word));
            result["vectors"] = vectors;
            if (!json) terminal.Result($"vectors: {vectors}");
        }
        if (json) terminal.Json(result);
        return ExitCode.Success;
    }

    private static string Known(NearestWords words, string path, string word) => words.Knows(word) ? word
        : throw new BadInputException(path, null, null, "a word of the vocabulary", $"'{word}'", "words that the text has too seldom are not in it; spell it as the text does");

    private static void Add(Terminal terminal, JsonObject result, bool json, string asked, IReadOnlyList<NearWord> answers)
    {
        result[asked] = new JsonArray([.. answers.Select(near => (JsonNode)new JsonObject { ["word"] = near.Word, ["cosine"] = near.Cosine })]);
        if (json) return;
        terminal.Result(asked);
        foreach (NearWord near in answers) terminal.Result(string.Create(CultureInfo.InvariantCulture, $"  {near.Cosine:F4}  {near.Word}"));
    }

    private static void Add(Terminal terminal, JsonObject result, bool json, AnalogyScore score)
    {
        result["questions"] = new JsonObject { ["asked"] = score.Asked, ["first"] = score.First, ["among_five"] = score.AmongFive };
        if (!json) terminal.Result($"questions: {score.Asked} asked, {score.First} answered rightly, {score.AmongFive} among the five nearest");
    }
}
