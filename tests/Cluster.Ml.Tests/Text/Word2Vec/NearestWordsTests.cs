using Cluster.Ml.Data;
using Cluster.Ml.Text.Word2Vec;

namespace Cluster.Ml.Tests.Text.Word2Vec;

public sealed class NearestWordsTests
{
    // Directions of a plane: man 0°, woman 40°, king 90°, queen 130°; <unk> lies nearest to everything, but is no word.
    private static readonly NearestWords Words = new(
        new WordCounts(["<unk>", "man", "woman", "king", "queen", "zero"], [0, 9, 8, 7, 6, 5]),
        [.. Direction(65), .. Direction(0), .. Direction(40), .. Direction(90), .. Direction(130), 0, 0], 2);

    [Fact]
    public void The_nearest_word_has_the_largest_cosine_and_a_token_that_is_no_word_is_never_it()
    {
        IReadOnlyList<NearWord> near = Words.Of("woman", 2);

        near.Select(word => word.Word).ShouldBe(["man", "king"]);
        near[0].Cosine.ShouldBe(Math.Cos(40 * Math.PI / 180), 1e-6);
    }

    [Fact]
    public void An_analogy_is_answered_by_the_word_at_the_end_of_the_parallelogram() =>
        Words.Analogy("man", "woman", "king", 1)[0].Word.ShouldBe("queen");

    [Fact]
    public void Questions_with_unknown_words_are_not_asked()
    {
        AnalogyScore score = AnalogyScore.Of(Words, [": family", "Man Woman King Queen", "man woman king zero", "man woman king prince", "", "man woman"]);

        score.ShouldBe(new AnalogyScore(2, 1, 2));
    }

    [Fact]
    public void A_word_that_the_vocabulary_lacks_is_an_error()
    {
        Words.Knows("<unk>").ShouldBeFalse();
        Should.Throw<KeyNotFoundException>(() => Words.Of("prince", 1));
    }

    private static float[] Direction(double degrees) => [(float)(3 * Math.Cos(degrees * Math.PI / 180)), (float)(3 * Math.Sin(degrees * Math.PI / 180))];
}
