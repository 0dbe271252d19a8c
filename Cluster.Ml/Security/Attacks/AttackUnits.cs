using Cluster.Ml.Data;

namespace Cluster.Ml.Security.Attacks;

/// <summary>The units in which an attacker changes rows, and the range that its rows must stay in.</summary>
/// <param name="Offsets">[columns]: subtracted to come to the model's numbers.</param>
/// <param name="Divisors">[columns]: then divided by.</param>
/// <param name="Low">[columns]: the least value.</param>
/// <param name="High">[columns]: the greatest value.</param>
/// <param name="Name">What the units are, for a report.</param>
internal sealed record AttackUnits(double[] Offsets, double[] Divisors, float[] Low, float[] High, string Name)
{
    private const double Byte = 255;

    /// <summary>Leaves bytes as parts of 255, and other numbers as the source has them.</summary>
    public static Scaler ReaderOf(bool bytes) => bytes ? new Scaler(Jobs.ScaleKind.Unit255, [], [Byte]) : Scaler.Identity;

    /// <summary>The units of a source, and the range that is known of it: of pixels 0 to 1; of columns that are scaled by bounds, those; else what its rows span.</summary>
    /// <param name="scaler">The model's.</param>
    /// <param name="rows">In the attacker's units.</param>
    /// <param name="columns">Numbers a row.</param>
    /// <param name="bytes">Whether they are pixels.</param>
    /// <param name="low">The least value of all columns, if it is given.</param>
    /// <param name="high">The greatest value of all columns, if it is given.</param>
    public static AttackUnits Of(Scaler scaler, ReadOnlySpan<float> rows, int columns, bool bytes, double? low = null, double? high = null)
    {
        double unit = bytes ? Byte : 1;
        double[] offsets = [.. Enumerable.Range(0, columns).Select(column => scaler.OffsetOf(column) / unit)];
        double[] divisors = [.. Enumerable.Range(0, columns).Select(column => scaler.DivisorOf(column) / unit)];
        (float[] least, float[] most) = bytes ? (Filled(columns, 0), Filled(columns, 1))
            : scaler.Kind == Jobs.ScaleKind.MinMax ? Widened(offsets, divisors, rows) : Span(rows, columns);
        if (low is { } lowest) least = Filled(columns, (float)lowest);
        if (high is { } highest) most = Filled(columns, (float)highest);
        return new AttackUnits(offsets, divisors, least, most, bytes ? "pixels from 0 to 1" : "the columns' own");
    }

    private static float[] Filled(int columns, float value)
    {
        float[] all = new float[columns];
        Array.Fill(all, value);
        return all;
    }

    // Rows that are measured may lie outside of what the training rows spanned.
    private static (float[] Low, float[] High) Widened(double[] offsets, double[] divisors, ReadOnlySpan<float> rows)
    {
        (float[] low, float[] high) = Span(rows, offsets.Length);
        for (int c = 0; c < low.Length; c++)
            (low[c], high[c]) = (Math.Min(low[c], (float)offsets[c]), Math.Max(high[c], (float)(offsets[c] + divisors[c])));
        return (low, high);
    }

    private static (float[] Low, float[] High) Span(ReadOnlySpan<float> rows, int columns)
    {
        (float[] low, float[] high) = (Filled(columns, float.PositiveInfinity), Filled(columns, float.NegativeInfinity));
        for (int i = 0; i < rows.Length; i++)
            (low[i % columns], high[i % columns]) = (Math.Min(low[i % columns], rows[i]), Math.Max(high[i % columns], rows[i]));
        return (low, high);
    }
}
