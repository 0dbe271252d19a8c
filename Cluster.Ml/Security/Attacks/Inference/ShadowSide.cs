namespace Cluster.Ml.Security.Attacks.Inference;

/// <summary>What shadow models say of each row that were trained with it, or without it.</summary>
/// <param name="Means">[rows]: of a row that no such model knows, the mean over all models.</param>
/// <param name="Deviation">Around the means, of all rows together; 1 if nothing deviates.</param>
/// <remarks>Range  one deviation for all rows: with few models that of one row is mostly noise (Carlini et al. 2022, § VI-A)</remarks>
internal sealed record ShadowSide(double[] Means, double Deviation)
{
    /// <summary>Those of one side.</summary>
    /// <param name="shadows">What each model says of each row.</param>
    /// <param name="members">Which rows each was trained on.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="inside">Models that were trained with the row, or without it.</param>
    public static ShadowSide Of(IReadOnlyList<double[]> shadows, IReadOnlyList<bool[]> members, int rows, bool inside)
    {
        double[] means = new double[rows];
        double squares = 0;
        long count = 0;
        for (int row = 0; row < rows; row++)
        {
            double[] said = [.. Enumerable.Range(0, shadows.Count).Where(shadow => members[shadow][row] == inside).Select(shadow => shadows[shadow][row])];
            double mean = said.Length > 0 ? said.Average() : shadows.Count > 0 ? shadows.Average(shadow => shadow[row]) : 0;
            foreach (double one in said) squares += (one - mean) * (one - mean);
            count += Math.Max(0, said.Length - 1);
            means[row] = mean;
        }
        return new ShadowSide(means, count > 0 && squares > 0 ? Math.Sqrt(squares / count) : 1);
    }
}
