namespace Cluster.Ml.Security.Attacks;

/// <summary>Rows whose class is known, in the units in which an attacker changes them.</summary>
/// <param name="Numbers">[rows × columns].</param>
/// <param name="Labels">[rows]: the index of each row's class.</param>
/// <param name="Ids">[rows]: the row's number in the source, which its random numbers are keyed by.</param>
/// <param name="Columns">Numbers a row.</param>
internal sealed record AttackedRows(float[] Numbers, int[] Labels, int[] Ids, int Columns)
{
    public int Count => Labels.Length;

    public ReadOnlySpan<float> Row(int row) => Numbers.AsSpan(row * Columns, Columns);

    /// <summary>Consecutive rows.</summary>
    public AttackedRows Slice(int first, int count) =>
        new(Numbers[(first * Columns)..((first + count) * Columns)], Labels[first..(first + count)], Ids[first..(first + count)], Columns);

    /// <summary>Some of the rows, in this order.</summary>
    public AttackedRows Of(IReadOnlyList<int> rows)
    {
        float[] numbers = new float[rows.Count * Columns];
        for (int i = 0; i < rows.Count; i++) Row(rows[i]).CopyTo(numbers.AsSpan(i * Columns));
        return new AttackedRows(numbers, [.. rows.Select(row => Labels[row])], [.. rows.Select(row => Ids[row])], Columns);
    }
}
