namespace Cluster.Ml.Security.Attacks.Inversion;

/// <summary>How much a row looks like the mean row of a class.</summary>
/// <remarks>Equation  Pearson's correlation, over columns, of the row with the mean of the class's rows; both less the mean of all rows</remarks>
internal static class ClassLikeness
{
    /// <summary>The correlation with one class; 0 where the class has no rows or nothing varies.</summary>
    public static double Of(ReadOnlySpan<float> row, AttackedRows rows, int label, int classes)
    {
        double[] middle = MeanOf(rows, _ => true), mean = MeanOf(rows, one => one == label);
        double product = 0, own = 0, other = 0;
        for (int c = 0; c < row.Length; c++)
        {
            (double x, double y) = (row[c] - middle[c], mean[c] - middle[c]);
            (product, own, other) = (product + (x * y), own + (x * x), other + (y * y));
        }
        return own > 0 && other > 0 && label < classes ? product / Math.Sqrt(own * other) : 0;
    }

    /// <summary>The class that the row looks like most.</summary>
    public static int Nearest(ReadOnlySpan<float> row, AttackedRows rows, int classes)
    {
        int best = 0;
        double most = double.NegativeInfinity;
        for (int k = 0; k < classes; k++)
        {
            double alike = Of(row, rows, k, classes);
            if (alike > most) (best, most) = (k, alike);
        }
        return best;
    }

    private static double[] MeanOf(AttackedRows rows, Func<int, bool> isIn)
    {
        double[] sum = new double[rows.Columns];
        int count = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            if (!isIn(rows.Labels[row])) continue;
            ReadOnlySpan<float> numbers = rows.Row(row);
            for (int c = 0; c < sum.Length; c++) sum[c] += numbers[c];
            count++;
        }
        for (int c = 0; c < sum.Length && count > 0; c++) sum[c] /= count;
        return sum;
    }
}
