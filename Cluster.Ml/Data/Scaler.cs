using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Data;

/// <summary>Shifts and divides each feature; fitted on training rows alone.</summary>
/// <param name="Kind">How it was fitted.</param>
/// <param name="Offsets">Subtracted, [features]; empty where all are 0.</param>
/// <param name="Divisors">Divided by, [features]; empty where all are 1, one number where all are equal.</param>
/// <remarks>
/// Equation  standard: (x − mean) / σ with σ² = Σ(x − mean)² / n;  min-max: (x − min) / (max − min);  unit255: x / 255
/// Range     computed in double, in row order, then rounded to the element type; a column without spread is divided by 1
/// Source    the conventions of scikit-learn's StandardScaler and MinMaxScaler
/// </remarks>
public sealed record Scaler(ScaleKind Kind, IReadOnlyList<double> Offsets, IReadOnlyList<double> Divisors)
{
    /// <summary>Leaves numbers as they are.</summary>
    public static readonly Scaler Identity = new(ScaleKind.None, [], []);

    /// <summary>The scaled value of one feature.</summary>
    /// <param name="value">As it is in the file.</param>
    /// <param name="column">Which feature.</param>
    public double Scale(double value, int column) => (value - OffsetOf(column)) / DivisorOf(column);

    internal static Scaler Fit(ScaleKind kind, RawRows raw, ReadOnlySpan<int> trainingRows) => kind switch
    {
        ScaleKind.None => Identity,
        ScaleKind.Unit255 => new Scaler(kind, [], [255.0]),
        ScaleKind.MinMax => FitMinMax(raw, trainingRows),
        _ => raw.Bytes is null ? FitStandard(raw, trainingRows) : FitStandardBytes(raw, trainingRows),
    };

    /// <summary>Scales all rows into a buffer of the wanted element type.</summary>
    internal NumericBuffer Apply(RawRows raw, NumberKind numbers)
    {
        long length = (long)raw.Rows * raw.Columns;
        if (length > NumericBuffer.LengthMax)
            throw new BadInputException(raw.File, null, null, $"at most {NumericBuffer.LengthMax} numbers", $"{length}", "leave out rows or columns");
        NumericBuffer scaled = new(numbers, (int)length);
        double[] offsets = Spread(Offsets, 0, raw.Columns), divisors = Spread(Divisors, 1, raw.Columns);
        if (raw.Bytes is { } bytes && Offsets.Count == 0) ApplyTable(bytes, divisors.Length == 0 ? 1 : divisors[0], scaled);
        else if (raw.Bytes is { } pixels) ApplyRows(pixels, static b => b, offsets, divisors, scaled);
        else ApplyRows(raw.Values!, static v => v, offsets, divisors, scaled);
        return scaled;
    }

    private double OffsetOf(int column) => Offsets.Count == 0 ? 0 : Offsets[column];

    private double DivisorOf(int column) => Divisors.Count switch { 0 => 1, 1 => Divisors[0], _ => Divisors[column] };

    private static double[] Spread(IReadOnlyList<double> some, double otherwise, int columns) => some.Count switch
    {
        0 => Enumerable.Repeat(otherwise, columns).ToArray(),
        1 => Enumerable.Repeat(some[0], columns).ToArray(),
        _ => [.. some],
    };

    // A byte has 256 values: dividing each once gives the same bits as dividing every pixel.
    private static void ApplyTable(byte[] bytes, double divisor, NumericBuffer scaled)
    {
        if (scaled.Kind == NumberKind.Float32)
        {
            var table = new float[256];
            for (int b = 0; b < 256; b++) table[b] = (float)(b / divisor);
            Span<float> to = scaled.Floats;
            for (int i = 0; i < to.Length; i++) to[i] = table[bytes[i]];
        }
        else
        {
            var table = new double[256];
            for (int b = 0; b < 256; b++) table[b] = b / divisor;
            Span<double> to = scaled.Doubles;
            for (int i = 0; i < to.Length; i++) to[i] = table[bytes[i]];
        }
    }

    private static void ApplyRows<T>(T[] values, Func<T, double> toDouble, double[] offsets, double[] divisors, NumericBuffer scaled)
    {
        int columns = offsets.Length;
        Span<float> floats = scaled.Kind == NumberKind.Float32 ? scaled.Floats : [];
        Span<double> doubles = scaled.Kind == NumberKind.Float64 ? scaled.Doubles : [];
        for (int start = 0; start < scaled.Length; start += columns)
            for (int c = 0; c < columns; c++)
            {
                double value = (toDouble(values[start + c]) - offsets[c]) / divisors[c];
                if (floats.IsEmpty) doubles[start + c] = value;
                else floats[start + c] = (float)value;
            }
    }

    private static Scaler FitStandard(RawRows raw, ReadOnlySpan<int> rows)
    {
        (double[] means, double[] deviations) = (new double[raw.Columns], new double[raw.Columns]);
        foreach (int row in rows)
            for (int c = 0; c < means.Length; c++) means[c] += raw.Values![(row * means.Length) + c];
        for (int c = 0; c < means.Length; c++) means[c] /= rows.Length;
        foreach (int row in rows)
            for (int c = 0; c < means.Length; c++)
            {
                double difference = raw.Values![(row * means.Length) + c] - means[c];
                deviations[c] += difference * difference;
            }
        for (int c = 0; c < means.Length; c++) deviations[c] = OrOne(Math.Sqrt(deviations[c] / rows.Length), means[c]);
        return new Scaler(ScaleKind.Standard, means, deviations);
    }

    // Sums of bytes and of their squares are exact whole numbers.
    private static Scaler FitStandardBytes(RawRows raw, ReadOnlySpan<int> rows)
    {
        int columns = raw.Columns;
        (var sums, var squares) = (new long[columns], new long[columns]);
        foreach (int row in rows)
        {
            ReadOnlySpan<byte> pixels = raw.Bytes.AsSpan(row * columns, columns);
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

    private static Scaler FitMinMax(RawRows raw, ReadOnlySpan<int> rows)
    {
        double[] low = Spread([], double.PositiveInfinity, raw.Columns), high = Spread([], double.NegativeInfinity, raw.Columns);
        foreach (int row in rows)
            for (int c = 0; c < low.Length; c++)
            {
                double value = raw.Bytes is { } bytes ? bytes[(row * low.Length) + c] : raw.Values![(row * low.Length) + c];
                low[c] = Math.Min(low[c], value);
                high[c] = Math.Max(high[c], value);
            }
        return new Scaler(ScaleKind.MinMax, low, [.. low.Zip(high, (l, h) => h > l ? h - l : 1.0)]);
    }

    // A constant column may leave a rounding error of its mean as its deviation; it has no spread all the same.
    private static double OrOne(double deviation, double mean) => deviation > 1e-14 * Math.Abs(mean) ? deviation : 1.0;
}
