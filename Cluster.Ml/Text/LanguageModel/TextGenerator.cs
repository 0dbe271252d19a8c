using Cluster.Ml.Data.Text;
using Cluster.Ml.Numerics;
using Cluster.Ml.Numerics.Simd;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Text.LanguageModel;

/// <summary>Lets a trained language model go on with a text, token by token.</summary>
/// <remarks>
/// Equation     P(token) ∝ exp((score + bias) / temperature); a token is drawn by inverting the cumulated probabilities
/// Range        temperature 0 takes the likeliest token each time; the unknown token is never drawn
/// Determinism  token i of a text depends on (model, prompt, temperature, seed, i) alone
/// Source       Ackley, Hinton, Sejnowski, Cognitive Science 9 (1985), for the temperature
/// </remarks>
public sealed class TextGenerator
{
    private readonly LanguageLayout _layout;
    private readonly LanguagePass _pass;
    private readonly float[] _parameters;
    private readonly float[] _carried;
    private readonly float[] _scores;

    /// <summary>A generator of one text at a time.</summary>
    /// <param name="learner">The model's learner.</param>
    /// <param name="state">The model's state.</param>
    /// <exception cref="ArgumentException">The state is another learner's.</exception>
    public TextGenerator(LanguageLearner learner, NumericBuffer state)
    {
        learner.Require(state, learner.StateLength, "state");
        _layout = new LanguageLayout(learner.Layout.Spec with { Window = 1 }, learner.Layout.Vocabulary, 1);
        _pass = new LanguagePass(_layout);
        _pass.Begin(1);
        _parameters = state.Floats[.._layout.ParameterCount].ToArray();
        _carried = new float[_layout.CarriedPerStream];
        _scores = new float[_layout.Vocabulary];
    }

    /// <summary>Reads a prompt and goes on with it.</summary>
    /// <param name="prompt">At least one token of the vocabulary.</param>
    /// <param name="count">How many tokens to add.</param>
    /// <param name="temperature">At least 0; 1 draws as the model believes, less is bolder, more is wilder.</param>
    /// <param name="seed">Keys the randomness.</param>
    /// <returns>The tokens that were added.</returns>
    /// <exception cref="ArgumentException">The prompt is empty, or the temperature is negative or not finite.</exception>
    public IEnumerable<int> Continue(IReadOnlyList<int> prompt, int count, double temperature, ulong seed)
    {
        if (prompt.Count == 0) throw new ArgumentException("TextGenerator: wanted a prompt of at least one token, got none.", nameof(prompt));
        if (!(temperature >= 0 && double.IsFinite(temperature)))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "TextGenerator: wanted a finite temperature of at least 0.");
        return Generate(prompt, count, temperature, seed);
    }

    private IEnumerable<int> Generate(IReadOnlyList<int> prompt, int count, double temperature, ulong seed)
    {
        _carried.AsSpan().Clear();
        foreach (int token in prompt) Read(token);
        RandomStream random = RandomStream.At(seed, RandomPurpose.Generate);
        for (int i = 0; i < count; i++)
        {
            int next = temperature == 0 ? Likeliest() : Draw(temperature, random.NextDouble());
            yield return next;
            Read(next);
        }
    }

    /// <summary>Passes one token through the model; the scores of the next one stay.</summary>
    private void Read(int token)
    {
        _pass.Tokens[0] = token;
        _pass.SetStart(0, _carried);
        _pass.Forward(_parameters);
        _pass.CopyEnd(0, _carried);
        _pass.Logits.CopyTo(_scores);
        SoftmaxRows.AddBias(_scores, _layout.Output.Of(_parameters.AsSpan())[_layout.Output.Weights..], LaneWidths.Widest);
        _scores[Vocabulary.UnknownId] = float.NegativeInfinity;
    }

    private int Likeliest() => Reductions.IndexOfMax(_scores);

    private int Draw(double temperature, double uniform)
    {
        double max = _scores[Likeliest()], sum = 0;
        foreach (float score in _scores) sum += StableMath.Exp((score - max) / temperature);
        double left = uniform * sum;
        for (int token = 0; token < _scores.Length; token++)
        {
            left -= StableMath.Exp((_scores[token] - max) / temperature);
            if (left < 0) return token;
        }
        return Likeliest();     // rounding left a crumb of probability
    }
}
