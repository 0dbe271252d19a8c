using Cluster.Ml.Evaluation;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Text.LanguageModel;

/// <summary>Sums over tokens from which a language model's quality is told.</summary>
/// <remarks>
/// Shapes    [tokens, Σ −ln P(token), tokens whose score was the highest]
/// Equation  loss = Σ −ln P / tokens;  perplexity = e^loss;  accuracy = highest / tokens
/// Units     loss in nats a token
/// Source    Jurafsky and Martin, Speech and Language Processing, § 3.3
/// </remarks>
internal static class LanguageSums
{
    /// <summary>How many sums.</summary>
    public const int Length = 3;

    /// <summary>Offset of the number of tokens.</summary>
    public const int Tokens = 0;

    /// <summary>Offset of the sum of losses.</summary>
    public const int LossSum = 1;

    /// <summary>Offset of the number of tokens that were predicted.</summary>
    public const int Correct = 2;

    /// <summary>Names the figures. No tokens give no figures.</summary>
    public static Metrics Measure(ReadOnlySpan<double> sums)
    {
        if (sums.Length != Length) throw new ArgumentException($"LanguageLearner: wanted {Length} evaluation sums, got {sums.Length}.", nameof(sums));
        if (sums[Tokens] == 0) return Metrics.None;
        double loss = sums[LossSum] / sums[Tokens];
        return new Metrics([new("perplexity", StableMath.Exp(loss)), new("loss", loss), new("accuracy", sums[Correct] / sums[Tokens])]);
    }
}
