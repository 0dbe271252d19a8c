using Cluster.Ml.Data.Text;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Nn;
using Cluster.Ml.Text.LanguageModel;

namespace Cluster.Ml.Tests.Text.LanguageModel;

public sealed class TextGeneratorTests
{
    private const int Tokens = 6;

    private static TextGenerator Generator(Action<LanguageLearner, NumericBuffer> change)
    {
        LanguageLearner learner = SomeText.Learner(SomeText.Job("embedding: 3, units: 4, window: 5", "batch: 8"), Tokens);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        learner.Initialize(state, optimizerState);
        change(learner, state);
        return new TextGenerator(learner, state);
    }

    private static TextGenerator Biased(params float[] biases) => Generator((learner, state) =>
    {
        state.Floats.Clear();
        biases.CopyTo(learner.Layout.Output.Of(state.Floats)[learner.Layout.Output.Weights..]);
    });

    [Fact]
    public void Tokens_are_drawn_as_often_as_the_model_believes()
    {
        double[] wanted = [0, 0.1, 0.2, 0.3, 0.15, 0.25];
        TextGenerator generator = Biased([40f, .. wanted.Skip(1).Select(p => (float)Math.Log(p))]);    // <unk> is never drawn
        const int draws = 20_000;

        int[] counts = new int[Tokens];
        foreach (int token in generator.Continue([1], draws, 1, 7)) counts[token]++;

        counts[Vocabulary.UnknownId].ShouldBe(0);
        double chiSquare = Enumerable.Range(1, Tokens - 1).Sum(t => Math.Pow(counts[t] - (draws * wanted[t]), 2) / (draws * wanted[t]));
        chiSquare.ShouldBeLessThan(18.47);      // 4 degrees of freedom, 0.1 %
    }

    [Fact]
    public void Temperature_zero_takes_the_likeliest() =>
        Biased(9, 1, 2, 3, 2, 1).Continue([1], 5, 0, 1).ShouldBe([3, 3, 3, 3, 3]);

    [Fact]
    public void The_same_seed_gives_the_same_text_and_another_seed_another()
    {
        TextGenerator generator = Generator((_, _) => { });
        int[] first = [.. generator.Continue([1, 2], 60, 1, 1)];
        generator.Continue([1, 2], 60, 1, 1).ShouldBe(first);
        generator.Continue([1, 2], 60, 1, 2).ToArray().ShouldNotBe(first);
        generator.Continue([1, 2], 20, 1, 1).ShouldBe(first.Take(20));
    }

    [Fact]
    public void Every_token_of_the_prompt_is_remembered()
    {
        TextGenerator generator = Generator((_, state) => GoldenNn.Wave(state.Length, 1.1, 0.9).CopyTo(state.Floats));
        int[][] texts = [.. Enumerable.Range(1, Tokens - 1).Select(token => generator.Continue([token, 2], 60, 1, 1).ToArray())];
        texts.Select(text => string.Join(' ', text)).Distinct().Count().ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Bad_requests_are_refused()
    {
        Should.Throw<ArgumentException>(() => Biased(1).Continue([], 5, 1, 1));
        Should.Throw<ArgumentException>(() => Biased(1).Continue([1], 5, -1, 1));
        Should.Throw<ArgumentException>(() => Biased(1).Continue([1], 5, double.NaN, 1));
    }

    [Theory]
    [InlineData(TextUnit.Character, "ab", "abba")]
    [InlineData(TextUnit.Word, "b", "b b a\nb a")]
    [InlineData(TextUnit.Letters, "", "b a\nb a")]
    public void Tokens_become_a_text_again(TextUnit unit, string prompt, string expected)
    {
        Vocabulary vocabulary = Vocabulary.Of(["<unk>", "a", "b", "<eos>"]);
        int[] tokens = unit == TextUnit.Character ? [2, 1] : [2, 1, 3, 2, 1];
        TokenText.Join(prompt, tokens, vocabulary, unit).ShouldBe(expected);
        TokenText.Encode("", vocabulary, TextUnit.Word).ShouldBe([3]);
        TokenText.FindUnknown("A zebra b zebra\n<unk>", vocabulary, TextUnit.Word).ShouldNotContain("<unk>");
        TokenText.FindUnknown("a zebra b zebra", vocabulary, TextUnit.Letters).ShouldBe(["zebra"]);
        TokenText.FindUnknown("", vocabulary, TextUnit.Letters).ShouldBeEmpty();
        TokenText.Encode("A b", vocabulary, TextUnit.Letters).ShouldBe([1, 2]);
    }
}
