namespace Cluster.Ml.Data.Columnar;

/// <summary>Walks over a structure of Thrift's compact protocol, in which Parquet writes what it says of itself, and trusts no length in it.</summary>
/// <remarks>
/// Range   nothing is allocated; every length is held against the bytes that are left; structures nest at most <see cref="DepthMax"/> deep
/// Source  "Thrift Protocol Structure", Apache Thrift; the Thrift definition of the format, Apache Parquet
/// </remarks>
internal ref struct ThriftCursor(ReadOnlySpan<byte> bytes)
{
    /// <summary>Types of fields.</summary>
    public const int Stop = 0, True = 1, False = 2, Byte = 3, Double = 7, Binary = 8, List = 9, Set = 10, Map = 11, Struct = 12, Uuid = 13;

    private const int DepthMax = 32, UuidBytes = 16, LongListSize = 15, VarintBytesMax = 10;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>How many bytes were passed.</summary>
    public int Position { get; private set; }

    /// <summary>Whether what was read so far lies within the bytes, and is of the protocol.</summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>The next field of a structure; false at its end.</summary>
    /// <param name="id">That of the field before, 0 at the beginning.</param>
    /// <param name="type">Its type.</param>
    public bool NextField(scoped ref int id, out int type)
    {
        int header = NextByte();
        type = header & 0xF;
        if (!IsSound || type == Stop) return false;
        id = header >> 4 is > 0 and var step ? id + step : (int)Number();
        return IsSound;
    }

    /// <summary>A whole number.</summary>
    public long Number()
    {
        ulong value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>The length of a list, each of whose items has a byte at least, and their type.</summary>
    public int ListHeader(out int type)
    {
        int header = NextByte(), size = header >> 4;
        type = header & 0xF;
        return Length(size == LongListSize ? Varint() : (ulong)size);
    }

    /// <summary>Passes over a value.</summary>
    public void Skip(int type, int depth = 0)
    {
        if (depth > DepthMax) IsSound = false;
        if (!IsSound) return;
        switch (type)
        {
            case True or False:
                break;      // a field's type is its value
            case Byte:
                Pass(1);
                break;
            case > Byte and < Double:
                Varint();
                break;
            case Double:
                Pass(sizeof(double));
                break;
            case Binary:
                Pass(Length(Varint()));
                break;
            case List or Set:
                SkipItems(ListHeader(out int item), item, depth);
                break;
            case Map:
                SkipMap(depth);
                break;
            case Struct:
                for (int id = 0; NextField(ref id, out int field);) Skip(field, depth + 1);
                break;
            case Uuid:
                Pass(UuidBytes);
                break;
            default:
                IsSound = false;
                break;
        }
    }

    private void SkipItems(int count, int type, int depth)
    {
        for (int i = 0; i < count && IsSound; i++)
            if (type is True or False) Pass(1);
            else Skip(type, depth + 1);
    }

    private void SkipMap(int depth)
    {
        int count = Length(Varint());
        if (count == 0) return;
        int types = NextByte();
        for (int i = 0; i < count && IsSound; i++)
        {
            SkipItems(1, types >> 4, depth);
            SkipItems(1, types & 0xF, depth);
        }
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < VarintBytesMax; i++)
        {
            int next = NextByte();
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80) return value;
        }
        IsSound = false;
        return 0;
    }

    /// <summary>A length, if so many bytes are left.</summary>
    private int Length(ulong length)
    {
        if (length <= (ulong)(_bytes.Length - Position)) return (int)length;
        IsSound = false;
        return 0;
    }

    private int NextByte()
    {
        if (IsSound && Position < _bytes.Length) return _bytes[Position++];
        IsSound = false;
        return Stop;
    }

    private void Pass(int count)
    {
        if (count > _bytes.Length - Position) IsSound = false;
        else Position += count;
    }
}
