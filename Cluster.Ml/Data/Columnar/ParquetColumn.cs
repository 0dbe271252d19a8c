using System.Globalization;
using System.Reflection;
using Parquet;
using Parquet.Schema;

namespace Cluster.Ml.Data.Columnar;

/// <summary>A column of a Parquet file, a row group at a time.</summary>
internal abstract class ParquetColumn(DataField leaf)
{
    private static readonly MethodInfo s_times = typeof(ParquetColumn).GetMethod(nameof(OfTimes), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Its name.</summary>
    public string Name => leaf.Name;

    /// <summary>The column as the library knows it.</summary>
    public DataField Field => leaf;

    /// <summary>Bytes that a value takes in memory, about.</summary>
    public abstract int ValueBytes { get; }

    /// <summary>The column of a field; null for a type that is neither number, text nor time.</summary>
    public static ParquetColumn? Of(DataField field) => Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.Boolean => new ParquetColumn<bool>(field, value => value ? 1 : 0),
        TypeCode.Byte => new ParquetColumn<byte>(field, value => value),
        TypeCode.SByte => new ParquetColumn<sbyte>(field, value => value),
        TypeCode.Int16 => new ParquetColumn<short>(field, value => value),
        TypeCode.UInt16 => new ParquetColumn<ushort>(field, value => value),
        TypeCode.Int32 => new ParquetColumn<int>(field, value => value),
        TypeCode.UInt32 => new ParquetColumn<uint>(field, value => value),
        TypeCode.Int64 => new ParquetColumn<long>(field, value => value, value => value.ToString(CultureInfo.InvariantCulture)),
        TypeCode.UInt64 => new ParquetColumn<ulong>(field, value => value, value => value.ToString(CultureInfo.InvariantCulture)),
        TypeCode.Single => new ParquetColumn<float>(field, value => value),
        TypeCode.Double => new ParquetColumn<double>(field, value => value),
        TypeCode.Decimal => new ParquetColumn<decimal>(field, value => (double)value, value => value.ToString(CultureInfo.InvariantCulture)),
        TypeCode.String => new ParquetTexts(field),
        _ when field.ClrType == typeof(ReadOnlyMemory<char>) => new ParquetTexts(field),
        _ when field.ClrType == typeof(DateOnly) => new ParquetColumn<DateOnly>(field, null, value => value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        _ when field.ClrType == typeof(TimeOnly) => new ParquetColumn<TimeOnly>(field, null, value => value.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture)),
        _ when field.ClrType == typeof(TimeSpan) => new ParquetColumn<TimeSpan>(field, null, value => value.ToString("c", CultureInfo.InvariantCulture)),
        _ when field.ClrType == typeof(Guid) => new ParquetColumn<Guid>(field, null, value => value.ToString("D", CultureInfo.InvariantCulture)),
        _ when IsTime(field.ClrType) => (ParquetColumn)s_times.MakeGenericMethod(field.ClrType).Invoke(null, [field])!,
        _ => null,
    };

    /// <summary>Reads the values of a row group.</summary>
    public abstract void Read(ParquetRowGroupReader group, int rows);

    /// <summary>Lets go of the values.</summary>
    public abstract void Clear();

    /// <summary>The number of a row, NaN where it is missing; false for a text.</summary>
    public abstract bool TryNumber(int row, out double value);

    /// <summary>Whether a row has no value.</summary>
    public abstract bool IsNull(int row);

    /// <summary>The text of a row; empty where it is missing.</summary>
    public abstract string TextOf(int row);

    /// <summary>Whether a type is a day with a time: it has a year and an hour.</summary>
    private static bool IsTime(Type type) => type.IsValueType && type.GetProperty("Year") is not null && type.GetProperty("Hour") is not null && typeof(IFormattable).IsAssignableFrom(type);

    private static ParquetColumn<T> OfTimes<T>(DataField field)
        where T : struct, IFormattable => new(field, null, value => value.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));

    /// <summary>The file is read without waiting for it (<see cref="ParquetStream"/>), so that nothing is left to wait for.</summary>
    protected static void Finish(ValueTask reading) => reading.AsTask().GetAwaiter().GetResult();
}

/// <summary>Values of one type: numbers, or what is written as a text.</summary>
/// <param name="field">The column.</param>
/// <param name="number">The number that a value is; null for texts.</param>
/// <param name="text">How a value is written; null for the shortest digits of its number.</param>
internal sealed class ParquetColumn<T>(DataField field, Func<T, double>? number, Func<T, string>? text = null) : ParquetColumn(field)
    where T : struct
{
    private const int BytesMin = 16;

    private T[] _values = [];
    private T?[] _nullable = [];

    public override int ValueBytes => BytesMin;

    public override void Read(ParquetRowGroupReader group, int rows)
    {
        if (Field.IsNullable) Finish(group.ReadAsync(Field, (_nullable = new T?[rows]).AsMemory()));
        else Finish(group.ReadAsync(Field, (_values = new T[rows]).AsMemory()));
    }

    public override void Clear() => (_values, _nullable) = ([], []);

    public override bool IsNull(int row) => Field.IsNullable && _nullable[row] is null;

    public override bool TryNumber(int row, out double value)
    {
        value = number is null ? 0 : IsNull(row) ? double.NaN : number(ValueOf(row));
        return number is not null;
    }

    public override string TextOf(int row) => IsNull(row) ? "" : text is null ? Jobs.Keys.KeyKinds.Text(number!(ValueOf(row))) : text(ValueOf(row));

    private T ValueOf(int row) => Field.IsNullable ? _nullable[row]!.Value : _values[row];
}

/// <summary>Texts.</summary>
internal sealed class ParquetTexts(DataField field) : ParquetColumn(field)
{
    private const int BytesAbout = 64;

    private string?[] _values = [];

    public override int ValueBytes => BytesAbout;

    public override void Read(ParquetRowGroupReader group, int rows) => Finish(group.ReadAsync(Field, (_values = new string?[rows]).AsMemory()!));

    public override void Clear() => _values = [];

    public override bool IsNull(int row) => _values[row] is null;

    public override bool TryNumber(int row, out double value)
    {
        value = 0;
        return false;
    }

    public override string TextOf(int row) => _values[row] ?? "";
}
