using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data;

/// <summary>Shifts and divides each feature; fitted on training rows alone, or given.</summary>
/// <param name="Kind">How it was fitted.</param>
/// <param name="Offsets">Subtracted, [features]; empty if all are 0.</param>
/// <param name="Divisors">Divided by, [features]; empty if all are 1, one number if all are equal.</param>
/// <remarks>
/// Equation  standard: (x − mean) / σ with σ² = Σ(x − mean)² / n;  min-max: (x − min) / (max − min);  unit255: x / 255
/// Range     computed in double, in row order, then rounded to the element type; a column without spread becomes 0: its deviation or range is at
///           most <see cref="SpreadTolerance"/> of its numbers, which is what rounding leaves of equal ones
/// Source    the conventions of scikit-learn's StandardScaler and MinMaxScaler
/// </remarks>
public sealed record Scaler(ScaleKind Kind, IReadOnlyList<double> Offsets, IReadOnlyList<double> Divisors)
{
    /// <summary>The least deviation or range of a column, as a part of its numbers, that is no rounding error of whoever wrote them.</summary>
    private const double SpreadTolerance = 1e-14;

    /// <summary>Leaves numbers as they are.</summary>
    public static readonly Scaler Identity = new(ScaleKind.None, [], []);

    /// <summary>The scaled value of one feature.</summary>
    /// <param name="value">As it is in the file.</param>
    /// <param name="column">Which feature.</param>
    public double Scale(double value, int column) => (value - OffsetOf(column)) / DivisorOf(column);

    /// <summary>Looks at no row: the bounds were known before.</summary>
    /// <exception cref="BadInputException">There are bounds for each column, and not as many as columns.</exception>
    internal static Scaler Given(ScaleBounds bounds, RawRows raw)
    {
        if (bounds.Low.Count != 1 && bounds.Low.Count != raw.Columns)
            throw new BadInputException(
                raw.File, null, null, $"{bounds.Low.Count} features, as data.scale has bounds", $"{raw.Columns}", "write as many bounds as there are features, or one for all");
        double[] low = bounds.Low.Count == 1 ? [.. Enumerable.Repeat(bounds.Low[0], raw.Columns)] : [.. bounds.Low];
        double[] ranges = [.. bounds.Low.Zip(bounds.High, (l, h) => h - l)];
        return new Scaler(ScaleKind.MinMax, low, ranges);
    }

    /// <summary>Looks at the training rows, in ascending order: twice where features are doubles to be standardized, otherwise at most once.</summary>
    internal static Scaler Fit(ScaleKind kind, RowStore store, ReadOnlySpan<int> trainingRows)
    {
        Scaler fitted = kind switch
        {
            ScaleKind.None => Identity,
            ScaleKind.Unit255 => new Scaler(kind, [], [255.0]),
            ScaleKind.MinMax => FitMinMax(store, trainingRows),
            _ => store.AreBytes ? FitStandardBytes(store, trainingRows) : FitStandard(store, trainingRows),
        };
        GC.KeepAlive(store);
        return fitted;
    }

    /// <summary>The scaler that leaves some columns as they are.</summary>
    internal Scaler Sparing(IReadOnlyList<bool> spared) => Kind == ScaleKind.None || !spared.Contains(true) ? this : this with
    {
        Offsets = [.. spared.Select((isSpared, column) => isSpared ? 0 : OffsetOf(column))],
        Divisors = [.. spared.Select((isSpared, column) => isSpared ? 1 : DivisorOf(column))],
    };

    /// <summary>What is subtracted from a column.</summary>
    internal double OffsetOf(int column) => Offsets.Count == 0 ? 0 : Offsets[column];

    /// <summary>What a column is divided by.</summary>
    internal double DivisorOf(int column) => Divisors.Count switch { 0 => 1, 1 => Divisors[0], _ => Divisors[column] };

    private static Scaler FitStandard(RowStore store, ReadOnlySpan<int> rows)
    {
        (double[] means, double[] deviations) = (new double[store.Columns], new double[store.Columns]);
        foreach (int row in rows)
        {
            ReadOnlySpan<double> values = store.ValuesOf(row);
            for (int c = 0; c < means.Length; c++) means[c] += values[c];
        }
        for (int c = 0; c < means.Length; c++) means[c] /= rows.Length;
        foreach (int row in rows)
        {
            ReadOnlySpan<double> values = store.ValuesOf(row);
            for (int c = 0; c < means.Length; c++)
            {
                double difference = values[c] - means[c];
                deviations[c] += difference * difference;
            }
        }
        for (int c = 0; c < means.Length; c++)
        {
            double deviation = Math.Sqrt(deviations[c] / rows.Length);
            if (!(deviation > RoundingOf(rows.Length, means[c]))) (means[c], deviation) = ColumnSpread.Of(store, rows, c);
            deviations[c] = OrOne(deviation, means[c]);
        }
        return new Scaler(ScaleKind.Standard, means, deviations);
    }

    // Sums of bytes and of their squares are exact whole numbers.
    private static Scaler FitStandardBytes(RowStore store, ReadOnlySpan<int> rows)
    {
        (var sums, var squares) = (new long[store.Columns], new long[store.Columns]);
        foreach (int row in rows)
        {
            ReadOnlySpan<byte> pixels = store.BytesOf(row);
            for (int c = 0; c < pixels.Length; c++)
            {
                sums[c] += pixels[c];
                squares[c] += pixels[c] * pixels[c];
            }
        }
        int n = rows.Length;
        double[] means = [.. sums.Select(s => s / (double)n)];
        double[] deviations = [.. sums.Zip(squares, (s, q) => OrOne(Math.Sqrt((double)(((Int128)n * q) - ((Int128)s * s))) / n, s / (double)n))];
        return new Scaler(ScaleKind.Standard, means, deviations);
    }

    private static Scaler FitMinMax(RowStore store, ReadOnlySpan<int> rows)
    {
        (var low, var high) = (new double[store.Columns], new double[store.Columns]);
        Array.Fill(low, double.PositiveInfinity);
        Array.Fill(high, double.NegativeInfinity);
        foreach (int row in rows)
        {
            ReadOnlySpan<double> values = store.AreBytes ? default : store.ValuesOf(row);
            for (int c = 0; c < low.Length; c++)
            {
                double value = store.AreBytes ? store.BytesOf(row)[c] : values[c];
                low[c] = Math.Min(low[c], value);
                high[c] = Math.Max(high[c], value);
            }
        }
        return new Scaler(ScaleKind.MinMax, low, [.. low.Zip(high, (l, h) => OrOne(h - l, Math.Max(Math.Abs(l), Math.Abs(h))))]);
    }

    private static double OrOne(double spread, double size) => spread > SpreadTolerance * Math.Abs(size) || !double.IsFinite(spread) ? spread : 1.0;

    /// <summary>A sum in row order rounds once a row, so that its mean is off by up to n·ε·|mean|: a deviation near that says nothing.</summary>
    private static double RoundingOf(int rows, double mean) => 16.0 * rows * (double.BitIncrement(1) - 1) * Math.Abs(mean);
}
