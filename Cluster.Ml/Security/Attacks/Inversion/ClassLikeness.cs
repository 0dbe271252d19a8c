namespace Cluster.Ml.Security.Attacks.Inversion;

/// <summary>How much a row looks like the mean row of a class.</summary>
/// <remarks>
/// Equation  Pearson's correlation, over columns, of the row with the mean of the class's rows; both less the mean of all rows
/// Cost      one pass over the rows when it is created, then O(classes · columns) a row
/// </remarks>
internal sealed class ClassLikeness
{
    private readonly double[] _middle;
    private readonly double[][] _means;
    private readonly int[] _counts;

    /// <summary>Takes the means.</summary>
    /// <param name="rows">Rows with their classes.</param>
    /// <param name="classes">How many classes there are.</param>
    public ClassLikeness(AttackedRows rows, int classes)
    {
        (_middle, _means, _counts) = (new double[rows.Columns], [.. Enumerable.Range(0, classes).Select(_ => new double[rows.Columns])], new int[classes]);
        for (int row = 0; row < rows.Count; row++)
        {
            ReadOnlySpan<float> numbers = rows.Row(row);
            double[] mean = _means[rows.Labels[row]];
            for (int c = 0; c < numbers.Length; c++) (_middle[c], mean[c]) = (_middle[c] + numbers[c], mean[c] + numbers[c]);
            _counts[rows.Labels[row]]++;
        }
        Divide(_middle, rows.Count);
        for (int label = 0; label < classes; label++) Divide(_means[label], _counts[label]);
    }

    /// <summary>The correlation with one class; 0 if the class has no rows or nothing varies.</summary>
    public double Of(ReadOnlySpan<float> row, int label)
    {
        double product = 0, own = 0, other = 0;
        for (int c = 0; c < row.Length; c++)
        {
            (double x, double y) = (row[c] - _middle[c], _means[label][c] - _middle[c]);
            (product, own, other) = (product + (x * y), own + (x * x), other + (y * y));
        }
        return _counts[label] > 0 && own > 0 && other > 0 ? product / Math.Sqrt(own * other) : 0;
    }

    /// <summary>The class with rows that the row looks like most.</summary>
    public int Nearest(ReadOnlySpan<float> row)
    {
        int best = 0;
        double most = double.NegativeInfinity;
        for (int label = 0; label < _means.Length; label++)
        {
            double alike = _counts[label] > 0 ? Of(row, label) : double.NegativeInfinity;
            if (alike > most) (best, most) = (label, alike);
        }
        return best;
    }

    private static void Divide(double[] sum, int count)
    {
        for (int c = 0; c < sum.Length && count > 0; c++) sum[c] /= count;
    }
}
