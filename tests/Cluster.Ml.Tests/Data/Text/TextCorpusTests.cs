using System.Text;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Text;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Tests.Data.Text;

public sealed class TextCorpusTests
{
    private static DataSpec Data(string source, TextUnit unit, double validation = 0, double test = 0, int most = 1000, int least = 1, string? own = null) =>
        new(source, DataFormat.Text, null, [], new SplitSpec(1 - validation - test, validation, test, false), ScaleKind.None)
        {
            Text = new TextSpec(unit, most, least, own),
        };

    private static string[] Tokens(string text, TextUnit unit)
    {
        List<string> tokens = [];
        TokenReader reader = new(text, unit);
        while (reader.MoveNext()) tokens.Add(reader.Current.ToString());
        return [.. tokens];
    }

    [Theory]
    [InlineData(TextUnit.Character, "a ñ\n😀", new[] { "a", " ", "ñ", "\n", "😀" })]
    [InlineData(TextUnit.Word, " The cat,  sat\n\n on\tit", new[] { "The", "cat,", "sat", "<eos>", "<eos>", "on", "it" })]
    [InlineData(TextUnit.Letters, "he's 7 feet-tall.\nübergroß", new[] { "he's", "feet", "tall", "<eos>", "übergroß" })]
    [InlineData(TextUnit.Word, "", new string[0])]
    [InlineData(TextUnit.Character, "", new string[0])]
    public void A_text_is_cut_into_tokens(TextUnit unit, string text, string[] expected) => Tokens(text, unit).ShouldBe(expected);

    [Fact]
    public void The_vocabulary_is_ordered_by_count_and_then_by_code_and_bounded()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("a.txt", "b a c b a <unk> d b");

        TextCorpus all = TextCorpus.Read(Data(path, TextUnit.Word));
        all.Vocabulary.Tokens.ShouldBe(["<unk>", "b", "a", "c", "d"]);
        all.Vocabulary.Counts.ShouldBe([1L, 3, 2, 1, 1]);
        all.Training.ShouldBe([1, 2, 3, 1, 2, 0, 4, 1]);

        TextCorpus three = TextCorpus.Read(Data(path, TextUnit.Word, most: 3));
        three.Vocabulary.Tokens.ShouldBe(["<unk>", "b", "a"]);
        three.Vocabulary.Counts.ShouldBe([3L, 3, 2]);
        three.Training.ShouldBe([1, 2, 0, 1, 2, 0, 0, 1]);
        TextCorpus.Read(Data(path, TextUnit.Word, least: 2)).Vocabulary.Tokens.ShouldBe(["<unk>", "b", "a"]);
    }

    [Fact]
    public void Splits_are_consecutive_and_the_vocabulary_is_that_of_the_training_part_alone()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("a.txt", "aabbaabbyz");

        TextCorpus corpus = TextCorpus.Read(Data(path, TextUnit.Character, validation: 0.1, test: 0.1));

        corpus.Vocabulary.Tokens.ShouldBe(["<unk>", "a", "b"]);
        corpus.Training.ShouldBe([1, 1, 2, 2, 1, 1, 2, 2]);
        corpus.Validation.ShouldBe([0]);
        corpus.Test.ShouldBe([0]);
    }

    [Fact]
    public void A_test_source_of_its_own_is_read_in_the_vocabulary_of_the_source()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("a.txt", "a b a"), own = folder.Write("b.txt", "b c a");
        TextCorpus.Read(Data(path, TextUnit.Word, own: own)).Test.ShouldBe([2, 0, 1]);
    }

    [Fact]
    public void Gzip_byte_order_mark_and_carriage_returns_change_nothing()
    {
        using TemporaryFolder folder = new();
        const string text = "one two\ntwo ünf\n";
        string plain = folder.Write("a.txt", text);
        string packed = folder.Write("a.txt.gz", TemporaryFolder.Gzip(Encoding.UTF8.GetBytes(text)));
        string marked = folder.Write("b.txt", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal))]);

        foreach (TextUnit unit in Enum.GetValues<TextUnit>())
            foreach (string other in new[] { packed, marked })
            {
                TextCorpus expected = TextCorpus.Read(Data(plain, unit)), read = TextCorpus.Read(Data(other, unit));
                read.Vocabulary.Tokens.ShouldBe(expected.Vocabulary.Tokens);
                read.Training.ShouldBe(expected.Training);
            }
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused_with_line_and_column()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("a.txt", [.. "good\nü"u8, 0xFF, .. "x"u8]);
        BadInputException bad = Should.Throw<BadInputException>(() => TextCorpus.Read(Data(path, TextUnit.Word)));
        (bad.Line, bad.Column, bad.Got).ShouldBe((2, 2, "the byte FF"));
    }

    [Fact]
    public void A_text_without_tokens_is_refused()
    {
        using TemporaryFolder folder = new();
        Should.Throw<BadInputException>(() => TextCorpus.Read(Data(folder.Write("a.txt", ""), TextUnit.Word))).Got.ShouldBe("none of 0");
        Should.Throw<BadInputException>(() => TextCorpus.Read(Data(folder.Write("b.txt", "123 45"), TextUnit.Letters))).Got.ShouldBe("none of 0");
        Should.Throw<BadInputException>(() => TextCorpus.Read(Data(Path.Combine(folder.Path, "none.txt"), TextUnit.Word))).Got.ShouldBe("none of this name");
    }

    [Fact]
    public void A_vocabulary_is_found_again_from_its_tokens()
    {
        Vocabulary vocabulary = Vocabulary.Of(["<unk>", "b", "a"]);
        (vocabulary.IdOf("a"), vocabulary.IdOf("b"), vocabulary.IdOf("c"), vocabulary.IdOf("<unk>")).ShouldBe((2, 1, 0, 0));
        Should.Throw<ArgumentException>(() => Vocabulary.Of(["a"]));
        Should.Throw<ArgumentException>(() => Vocabulary.Of(["<unk>", "a", "a"]));
    }

    // Counts as published with the data; the end of a line is one token more than the words.
    [Theory]
    [InlineData("tiny_shakespeare.txt", TextUnit.Character, 1_115_394, 65)]
    [InlineData("wikitext2.valid.txt", TextUnit.Word, 217_646, 13_777)]
    [InlineData("wikitext2.test.txt", TextUnit.Word, 245_569, 14_143)]
    public void Known_texts_have_their_known_counts(string file, TextUnit unit, int tokens, int distinct)
    {
        if (SharedData.Find("data", "text", file) is not { } path) return;
        TextCorpus corpus = TextCorpus.Read(Data(path, unit, most: 1 << 20));
        corpus.Training.Length.ShouldBe(tokens);
        corpus.Training.Distinct().Count().ShouldBe(distinct);
    }
}
