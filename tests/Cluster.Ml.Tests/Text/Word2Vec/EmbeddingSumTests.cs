using Cluster.Ml.Randomness;
using Cluster.Ml.Text.Word2Vec;

namespace Cluster.Ml.Tests.Text.Word2Vec;

public sealed class EmbeddingSumTests
{
    private static readonly EmbeddingLayout Layout = new(Words: 40, Dimensions: 10, RecordsMax: 80);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(80, 80)]
    [InlineData(7, 30)]
    [InlineData(40, 41)]
    public void Merging_adds_row_by_row(int leftRows, int rightRows)
    {
        EmbeddingSum left = Some(leftRows, 1, out Dictionary<int, float> mine), right = Some(rightRows, 2, out Dictionary<int, float> others);

        left.Merge(right);

        int[] rows = [.. mine.Keys.Union(others.Keys).Order()];
        left.Count.ShouldBe(rows.Length);
        for (int record = 0; record < rows.Length; record++)
        {
            float wanted = mine.GetValueOrDefault(rows[record]) + others.GetValueOrDefault(rows[record]);
            left.RowOf(record).ShouldBe(rows[record]);
            left.TermsOf(record).ShouldBe(wanted);
            left.ShareOf(record).ShouldBe(2 * wanted);
            left.DecisionOf(record).ToArray().ShouldBe(Enumerable.Repeat(3 * wanted, Layout.Width));
        }
        left.Statistics[1].ShouldBe(leftRows + rightRows);
        left.UsedLength.ShouldBe(EmbeddingLayout.Lane + (rows.Length * Layout.RecordLength));
    }

    [Fact]
    public void The_order_of_merging_decides_only_rounding_so_the_same_order_gives_the_same_bits()
    {
        EmbeddingSum once = Some(20, 3, out _), again = Some(20, 3, out _), other = Some(31, 4, out _);

        once.Merge(other);
        again.Merge(other);

        for (int record = 0; record < once.Count; record++) again.DecisionOf(record).ToArray().ShouldBe(once.DecisionOf(record).ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(80)]
    public void What_is_sent_of_a_sum_is_a_sum_and_another_length_is_none(int rows)
    {
        EmbeddingSum sum = Some(rows, 5, out _);

        sum.IsSound(sum.UsedLength).ShouldBeTrue();
        sum.IsSound(sum.UsedLength + Layout.RecordLength).ShouldBeFalse();
        sum.IsSound(sum.UsedLength - 1).ShouldBeFalse();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(80)]
    [InlineData(float.NaN)]
    [InlineData(7)]
    public void A_sum_of_rows_that_do_not_ascend_or_that_there_are_not_is_none(float row)
    {
        float[] numbers = new float[Layout.ContributionLength];
        EmbeddingSum sum = new(Layout, numbers);
        sum.Append(7, 1, 1);
        sum.Append(9, 1, 1);

        numbers[EmbeddingLayout.Lane + Layout.RecordLength] = row;

        sum.IsSound(sum.UsedLength).ShouldBeFalse();
    }

    private static EmbeddingSum Some(int rows, long major, out Dictionary<int, float> made)
    {
        int[] all = [.. Enumerable.Range(0, Layout.Rows)];
        RandomStream stream = RandomStream.At(1, RandomPurpose.Shuffle, major);
        stream.Shuffle(all.AsSpan());
        float[] numbers = new float[Layout.ContributionLength];
        Array.Fill(numbers, float.NaN);     // what a buffer from the pool may hold
        EmbeddingSum sum = new(Layout, numbers);
        sum.Clear();
        sum.Statistics[1] = rows;
        made = [];
        foreach (int row in all.Take(rows).Order())
        {
            made[row] = 1 + stream.Next(100);
            sum.Append(row, made[row], 2 * made[row]).Fill(3 * made[row]);
        }
        return sum;
    }
}
