namespace Cluster.Ml.Security.Attacks;

/// <summary>How far a row has been moved is measured.</summary>
public enum Norm
{
    /// <summary>The largest change of any number.</summary>
    Linf,

    /// <summary>The Euclidean length of all changes.</summary>
    L2,
}

/// <summary>Balls of a norm within the range of the data.</summary>
/// <remarks>
/// Equation  project: l∞ clamps each change to [−ε, ε]; l2 shortens the change to ε; either then clamps each number to [low, high], which
///           brings it nearer to the row, since the row lies within
/// Shapes    rows, directions and bounds [features]
/// </remarks>
internal static class NormBall
{
    /// <summary>Names of norms, as flags and reports write them.</summary>
    public static readonly IReadOnlyList<KeyValuePair<string, Norm>> Names = [new("linf", Norm.Linf), new("l2", Norm.L2)];

    public static string NameOf(Norm norm) => Names.First(named => named.Value == norm).Key;

    /// <summary>How far a row is from another.</summary>
    public static double Distance(Norm norm, ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0, largest = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double difference = (double)x[i] - y[i];
            sum += difference * difference;
            largest = Math.Max(largest, Math.Abs(difference));
        }
        return norm == Norm.Linf ? largest : Math.Sqrt(sum);
    }

    /// <summary>Moves x by so much along the direction in which a function with this gradient grows fastest.</summary>
    public static void Step(Norm norm, ReadOnlySpan<float> gradient, double size, Span<float> x)
    {
        if (norm == Norm.Linf)
        {
            for (int i = 0; i < x.Length; i++) x[i] += (float)(size * Math.Sign(gradient[i]));
            return;
        }
        double length = LengthOf(gradient);
        if (length == 0) return;
        for (int i = 0; i < x.Length; i++) x[i] += (float)(size * (gradient[i] / length));
    }

    /// <summary>The point nearest to x that is within ε of the row and within the range of the data.</summary>
    public static void Project(Norm norm, ReadOnlySpan<float> row, double epsilon, ReadOnlySpan<float> low, ReadOnlySpan<float> high, Span<float> x)
    {
        double length = norm == Norm.L2 ? Distance(norm, x, row) : 0, factor = length > epsilon ? epsilon / length : 1;
        for (int i = 0; i < x.Length; i++)
        {
            double change = (double)x[i] - row[i];
            change = norm == Norm.Linf ? Math.Clamp(change, -epsilon, epsilon) : change * factor;
            x[i] = Math.Clamp((float)(row[i] + change), low[i], high[i]);
        }
    }

    public static double LengthOf(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (float value in x) sum += (double)value * value;
        return Math.Sqrt(sum);
    }
}
