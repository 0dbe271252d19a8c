namespace Cluster.Ml.Data;

/// <summary>Mean and deviation of a column whose numbers lie so close together, for their size, that a plain sum of them rounds the spread away.</summary>
/// <remarks>
/// Equation  mean = x₀ + Σ(x − x₀) / n;  σ² = Σ(x − x₀ − d)² / n with d = Σ(x − x₀) / n
/// Range     x − x₀ is exact where x lies within a factor of 2 of x₀ (Sterbenz), so equal numbers have the deviation 0 and are their mean
/// Cost      two passes over one column
/// Source    Chan, Golub, LeVeque, "Algorithms for Computing the Sample Variance", The American Statistician 37 (1983), shifted data
/// </remarks>
internal static class ColumnSpread
{
    public static (double Mean, double Deviation) Of(RowStore store, ReadOnlySpan<int> rows, int column)
    {
        if (rows.IsEmpty) return (0, 0);
        double first = store.ValuesOf(rows[0])[column], sum = 0, squares = 0;
        foreach (int row in rows) sum += store.ValuesOf(row)[column] - first;
        double shift = sum / rows.Length;
        foreach (int row in rows)
        {
            double difference = store.ValuesOf(row)[column] - first - shift;
            squares += difference * difference;
        }
        return (first + shift, Math.Sqrt(squares / rows.Length));
    }
}
