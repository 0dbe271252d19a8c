using System.Numerics;
using System.Runtime.Intrinsics;

namespace Cluster.Ml.Data;

/// <summary>A scaler made ready for rows of one source: what it does to a row is the same whether the row is in memory or mapped.</summary>
/// <remarks>
/// Range  a float is the double quotient, rounded once. Where the divisor is a float too, that is the quotient of floats: a double has more
///        than twice the digits and two (Figueroa, "When is Double Rounding Innocuous?", 1995)
/// Cost   no allocation; a byte has 256 values, so dividing each of them once gives the bits of dividing every pixel
/// </remarks>
internal sealed class RowScaling
{
    private readonly RowStore _rows;
    private readonly double[] _offsets;
    private readonly double[] _divisors;
    private readonly double[]? _ofByte;
    private readonly float[]? _floatOfByte;
    private readonly float _divisor;

    public RowScaling(Scaler scaler, RowStore rows)
    {
        _rows = rows;
        _offsets = Spread(scaler.Offsets, 0, rows.Columns);
        _divisors = Spread(scaler.Divisors, 1, rows.Columns);
        if (!rows.AreBytes || scaler.Offsets.Count > 0 || scaler.Divisors.Count > 1) return;
        double divisor = scaler.Divisors.Count == 0 ? 1 : scaler.Divisors[0];
        _ofByte = [.. Enumerable.Range(0, 256).Select(value => value / divisor)];
        _floatOfByte = Array.ConvertAll(_ofByte, value => (float)value);
        _divisor = (float)divisor == divisor ? (float)divisor : 0;
    }

    /// <summary>Whether rows are bytes that are all scaled alike: these are scaled so fast that it is worth a quarter of the memory to do so whenever one is looked at.</summary>
    public bool IsOfEqualBytes => _ofByte is not null;

    /// <summary>Writes one row, scaled, [Columns].</summary>
    public void Scale(int row, Span<float> to)
    {
        if (_divisor == 0) Scale(row, to, _floatOfByte);
        else Divide(_rows.BytesOf(row), _divisor, to, _floatOfByte);
        GC.KeepAlive(_rows);
    }

    /// <summary>Writes one row, scaled, [Columns].</summary>
    public void Scale(int row, Span<double> to) => Scale(row, to, _ofByte);

    private void Scale<T>(int row, Span<T> to, T[]? ofByte)
        where T : unmanaged, INumberBase<T>
    {
        double[] offsets = _offsets, divisors = _divisors;
        if (ofByte is not null)
        {
            ReadOnlySpan<byte> pixels = _rows.BytesOf(row);
            for (int c = 0; c < pixels.Length; c++) to[c] = ofByte[pixels[c]];
        }
        else if (_rows.AreBytes)
        {
            ReadOnlySpan<byte> bytes = _rows.BytesOf(row);
            for (int c = 0; c < bytes.Length; c++) to[c] = T.CreateTruncating((bytes[c] - offsets[c]) / divisors[c]);
        }
        else
        {
            ReadOnlySpan<double> values = _rows.ValuesOf(row);
            for (int c = 0; c < values.Length; c++) to[c] = T.CreateTruncating((values[c] - offsets[c]) / divisors[c]);
        }
        GC.KeepAlive(_rows);
    }

    private static void Divide(ReadOnlySpan<byte> pixels, float divisor, Span<float> to, ReadOnlySpan<float> ofByte)
    {
        int c = 0;
        for (; c <= pixels.Length - Vector128<byte>.Count; c += Vector128<byte>.Count)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Create(pixels.Slice(c, Vector128<byte>.Count)));
            (Vector256<uint> first, Vector256<uint> second) = Vector256.Widen(Vector256.Create(low, high));
            (Vector512.ConvertToSingle(Vector512.Create(first, second).AsInt32()) / divisor).CopyTo(to[c..]);
        }
        for (; c < pixels.Length; c++) to[c] = ofByte[pixels[c]];
    }

    private static double[] Spread(IReadOnlyList<double> some, double otherwise, int columns) => some.Count switch
    {
        0 => Enumerable.Repeat(otherwise, columns).ToArray(),
        1 => Enumerable.Repeat(some[0], columns).ToArray(),
        _ => [.. some],
    };
}
