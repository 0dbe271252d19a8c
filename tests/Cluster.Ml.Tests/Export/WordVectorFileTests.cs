using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Export;

public sealed class WordVectorFileTests : IDisposable
{
    private static readonly WordCounts Words = new(["<unk>", "the", "<eos>", "été"], [0, 7, 0, 3]);
    private static readonly float[] Vectors = [9, 9, 1.5f, -0.25f, 9, 9, 1f / 3, 1e-7f];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_a_line_of_sizes_and_a_line_a_word_without_what_is_no_word() =>
        Written().ShouldBe("2 2\nthe 1.5 -0.25\nété 0.33333334 1E-07\n");

    [Fact]
    public void Numbers_read_back_to_the_same_bits()
    {
        string[] cells = Written().Split('\n')[2].Split(' ');

        cells[1..].Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)).ShouldBe(Vectors[6..]);
    }

    [Fact]
    public void A_word_that_would_be_two_fields_is_refused() => Should.Throw<BadInputException>(() => WordVectorFile.Write(
        Path.Combine(_folder.Path, "words.vec"), new WordCounts(["a", " "], [1, 1]), word => Vectors.AsSpan(2 * word, 2))).Message.ShouldContain("words without white space");

    private string Written()
    {
        string path = Path.Combine(_folder.Path, "words.vec");
        WordVectorFile.Write(path, Words, word => Vectors.AsSpan(2 * word, 2));
        return File.ReadAllText(path);
    }
}
