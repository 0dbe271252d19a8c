using Cluster.Ml.Data.Text;
using Cluster.Ml.Text.Word2Vec;

namespace Cluster.Ml.Tests.Text.Word2Vec;

public sealed class PassageReaderTests
{
    private const int Window = 3;
    private static readonly int Columns = PassageTable.ColumnsFor(Window), Margin = PassageTable.MarginFor(Window);

    [Fact]
    public void Without_subsampling_every_word_is_kept_and_the_passage_counted_without_its_margins()
    {
        PassageReader reader = Reader(subsample: 0);

        reader.Read(Words(0), 0, 0);

        reader.Kept.ShouldBe(Columns);
        reader.WordsRead.ShouldBe(PassageTable.PassageWords);
        Enumerable.Range(0, reader.Kept).Count(reader.IsCentre).ShouldBe(PassageTable.PassageWords);
    }

    [Fact]
    public void Passages_that_overlap_in_their_margins_leave_out_the_same_words()
    {
        PassageReader first = Reader(subsample: 0.05), second = Reader(subsample: 0.05);

        first.Read(Words(0), 0, 7);
        second.Read(Words(PassageTable.PassageWords), 1, 7);

        int[] PositionsOf(PassageReader reader) => [.. Enumerable.Range(0, reader.Kept).Select(reader.PositionOf)
            .Where(position => position >= PassageTable.PassageWords && position < PassageTable.PassageWords + (2 * Margin))];
        PositionsOf(first).ShouldBe(PositionsOf(second));
        PositionsOf(first).Length.ShouldBeLessThan(2 * Margin);
    }

    [Fact]
    public void Another_epoch_leaves_out_other_words()
    {
        PassageReader first = Reader(subsample: 0.05), second = Reader(subsample: 0.05);

        first.Read(Words(0), 0, 0);
        second.Read(Words(0), 0, 1);

        Enumerable.Range(0, first.Kept).Select(first.PositionOf).ShouldNotBe(Enumerable.Range(0, second.Kept).Select(second.PositionOf));
    }

    [Fact]
    public void Windows_shrink_evenly_and_never_pass_the_end_of_a_line()
    {
        float[] passage = Words(0);
        passage[Margin + 50] = PassageTable.BetweenLines;
        PassageReader reader = Reader(subsample: 0);
        int[] reaches = new int[Window + 1];

        for (int epoch = 0; epoch < 300; epoch++)
        {
            reader.Read(passage, 0, epoch);
            for (int kept = 0; kept < reader.Kept; kept++)
            {
                (int first, int end) = reader.WindowOf(kept);
                first.ShouldBeLessThanOrEqualTo(kept);
                end.ShouldBeGreaterThan(kept);
                (reader.PositionOf(first) < Margin + 50).ShouldBe(reader.PositionOf(end - 1) < Margin + 50);
                if (kept == Margin + 20) reaches[end - kept - 1]++;
            }
        }

        reaches[0].ShouldBe(0);
        for (int reach = 1; reach <= Window; reach++) reaches[reach].ShouldBeInRange(70, 130);     // of 300; about 3.7 deviations
    }

    [Fact]
    public void Frequent_words_are_kept_as_often_as_the_formula_says()
    {
        const double subsample = 0.02, share = 0.25;      // every fourth word is the same
        PassageReader reader = Reader(subsample);
        int kept = 0;

        for (int epoch = 0; epoch < 200; epoch++)
        {
            reader.Read(Words(0), 0, epoch);
            for (int i = 0; i < reader.Kept; i++) kept += reader.Words[i] == 0 ? 1 : 0;
        }

        double probability = Math.Sqrt(subsample / share) + (subsample / share), asked = 200 * Columns / 4.0;
        (kept / asked).ShouldBe(probability, 4 * Math.Sqrt(probability * (1 - probability) / asked));
    }

    private static PassageReader Reader(double subsample) =>
        new(new EmbeddingPlan([100, 100, 100, 100], new Word2VecOptions { Dimensions = 8, Window = Window, Negatives = 2, Subsample = subsample }, 0.025, 1, 5));

    private static float[] Words(int first) => [.. Enumerable.Range(0, Columns).Select(i => (float)((first + i) % 4))];
}
