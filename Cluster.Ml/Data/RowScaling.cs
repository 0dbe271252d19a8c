using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Data;

/// <summary>A scaler made ready for rows of one source: what it does to a row is the same whether the row is in memory or mapped.</summary>
/// <remarks>
/// Range  a float is the double quotient, rounded once
/// Cost   no allocation; a byte has 256 values, so dividing each of them once gives the bits of dividing every pixel
/// </remarks>
internal sealed class RowScaling
{
    private readonly RowStore _rows;
    private readonly double[] _offsets;
    private readonly double[] _divisors;
    private readonly double[]? _ofByte;
    private readonly float[]? _floatOfByte;
    private readonly Reciprocal? _reciprocal;

    public RowScaling(Scaler scaler, RowStore rows)
    {
        _rows = rows;
        _offsets = Spread(scaler.Offsets, 0, rows.Columns);
        _divisors = Spread(scaler.Divisors, 1, rows.Columns);
        if (!rows.AreBytes || scaler.Offsets.Count > 0 || scaler.Divisors.Count > 1) return;
        double divisor = scaler.Divisors.Count == 0 ? 1 : scaler.Divisors[0];
        _ofByte = [.. Enumerable.Range(0, 256).Select(value => value / divisor)];
        _floatOfByte = Array.ConvertAll(_ofByte, value => (float)value);
        _reciprocal = Reciprocal.Of(divisor, _floatOfByte);
    }

    private RowScaling(RowScaling like, RowStore rows) =>
        (_rows, _offsets, _divisors, _ofByte, _floatOfByte, _reciprocal) = (rows, like._offsets, like._divisors, like._ofByte, like._floatOfByte, like._reciprocal);

    /// <summary>What 255 becomes, where all bytes are scaled alike.</summary>
    public double Brightest => _ofByte![^1];

    /// <summary>What is scaled.</summary>
    public RowStore Rows => _rows;

    /// <summary>Whether rows are bytes that are all scaled alike: these are scaled so fast that it is worth a quarter of the memory to do so whenever one is looked at.</summary>
    public bool IsOfEqualBytes => _ofByte is not null;

    /// <summary>The same for other rows of the same source.</summary>
    public RowScaling Over(RowStore rows) => new(this, rows);

    /// <summary>Asks for a row that is scaled soon. Where rows are mapped, only the system can bring them.</summary>
    public void Ask(int row)
    {
        if (_rows is { IsInMemory: true, AreBytes: true }) Caches.Ask(_rows.BytesOf(row));
    }

    /// <summary>Writes one row, scaled, [Columns].</summary>
    public void Scale(int row, Span<float> to)
    {
        if (_reciprocal is { } reciprocal) reciprocal.Multiply(_rows.BytesOf(row), to);
        else Scale(row, to, _floatOfByte);
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

    private static double[] Spread(IReadOnlyList<double> some, double otherwise, int columns) => some.Count switch
    {
        0 => Enumerable.Repeat(otherwise, columns).ToArray(),
        1 => Enumerable.Repeat(some[0], columns).ToArray(),
        _ => [.. some],
    };

    /// <summary>One over a divisor, in two floats.</summary>
    /// <remarks>Equation  b / d = b·High + b·Low, the last sum rounded once: for every byte b what the table says, or it is not used</remarks>
    private readonly record struct Reciprocal(float High, float Low)
    {
        /// <summary>The reciprocal; null if a byte would come out with other bits than the table's.</summary>
        public static Reciprocal? Of(double divisor, ReadOnlySpan<float> ofByte)
        {
            Reciprocal reciprocal = new((float)(1 / divisor), (float)((1 / divisor) - (float)(1 / divisor)));
            for (int value = 0; value < ofByte.Length; value++)
                if (reciprocal.Times(value) != ofByte[value]) return null;
            return reciprocal;
        }

        public unsafe void Multiply(ReadOnlySpan<byte> bytes, Span<float> to)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(to.Length, bytes.Length, nameof(to));
            int c = 0;
            fixed (byte* from = bytes)
            fixed (float* target = to)
            {
                if (Vector512.IsHardwareAccelerated)
                    for (; c <= bytes.Length - Vector512<float>.Count; c += Vector512<float>.Count)
                    {
                        Vector512<byte> sixteen = Vector128.Load(from + c).ToVector256Unsafe().ToVector512Unsafe();
                        Vector512<float> numbers = Vector512.ConvertToSingle(Vector512.WidenLower(Vector512.WidenLower(sixteen)).AsInt32());
                        Vector512.FusedMultiplyAdd(numbers, Vector512.Create(High), numbers * Vector512.Create(Low)).Store(target + c);
                    }
                for (; c <= bytes.Length - Vector128<float>.Count; c += Vector128<float>.Count)
                {
                    Vector128<byte> four = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(from + c)).AsByte();
                    Vector128<float> numbers = Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(four)).AsInt32());
                    Vector128.FusedMultiplyAdd(numbers, Vector128.Create(High), numbers * Vector128.Create(Low)).Store(target + c);
                }
            }
            for (; c < bytes.Length; c++) to[c] = Times(bytes[c]);
        }

        private float Times(float number) => MathF.FusedMultiplyAdd(number, High, number * Low);
    }
}
