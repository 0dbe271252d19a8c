using System.Buffers.Binary;

namespace Cluster.Ml.Data.Columnar;

/// <summary>Holds the lengths that a Parquet file states against what it has, before memory is taken for them.</summary>
/// <param name="file">The file, for errors.</param>
/// <param name="stream">Its bytes.</param>
internal sealed class ParquetLengths(string file, Stream stream)
{
    /// <summary>Bytes of the description at the end of a file, and of a page, unpacked.</summary>
    internal const int FooterBytesMax = 1 << 24, PageBytesMax = 1 << 29;

    private const int Tail = 8, PageHeaderBytesMax = 1 << 20, NestingMax = 16;
    private const int DataPage = 0, IndexPage = 1, DictionaryPage = 2, DataPageV2 = 3;

    /// <summary>The error of a file that is no Parquet, or not whole.</summary>
    public static BadInputException Damaged(string file, string what, Exception? cause = null) =>
        new(file, null, null, "a whole Parquet file", what, "copy it again, or write it again", cause);

    /// <summary>Looks at beginning, end, and the description of the columns.</summary>
    /// <exception cref="BadInputException">It is no such file, cut off, or states more than it has.</exception>
    public void RequireFooter()
    {
        Span<byte> ends = stackalloc byte[Tail];
        if (stream.Length < Tail + 4) throw Damaged(file, $"{stream.Length} bytes");
        Fill(0, ends[..4]);
        if (!ends[..4].SequenceEqual("PAR1"u8)) throw Damaged(file, ends[..4].SequenceEqual("PARE"u8) ? "an encrypted one" : "a file that does not begin with PAR1");
        Fill(stream.Length - Tail, ends);
        if (!ends[4..].SequenceEqual("PAR1"u8)) throw Damaged(file, "a file that does not end with PAR1, as one that is cut off");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(ends);
        if (length > stream.Length - Tail - 4) throw Damaged(file, $"a description of {length} bytes in a file of {stream.Length}");
        if (length > FooterBytesMax)
            throw new BadInputException(file, null, null, $"a description of at most {FooterBytesMax} bytes", $"{length}", "write fewer columns, or larger row groups");
        byte[] footer = new byte[length];
        Fill(stream.Length - Tail - length, footer);
        if (!IsSound(footer)) throw Damaged(file, "a description that contradicts itself");
    }

    /// <summary>Looks at every page of a column in a row group.</summary>
    /// <param name="column">Where it is.</param>
    /// <param name="name">The column.</param>
    /// <param name="rows">The rows that it must have.</param>
    /// <exception cref="BadInputException">It has others, or states more than it has.</exception>
    public void RequirePages(global::Parquet.Meta.ColumnMetaData column, string name, long rows)
    {
        long at = column.DictionaryPageOffset is > 0 and var first && first < column.DataPageOffset ? first : column.DataPageOffset;
        byte[] buffer = [];
        for (long values = 0; values < rows;)
        {
            if (at < 4 || at >= stream.Length) throw Damaged(file, $"column '{name}' with pages outside the file");
            PageFacts page = ReadHeader(at, ref buffer, name);
            long left = stream.Length - at - page.HeaderBytes;
            if (page.Packed < 0 || page.Packed > left || page.Unpacked < 0) throw Damaged(file, $"column '{name}' with a page of {page.Packed} bytes where {left} are left");
            if (page.Unpacked > PageBytesMax)
                throw new BadInputException(file, null, null, $"pages of at most {PageBytesMax} bytes in column '{name}'", $"one of {page.Unpacked}", "write smaller pages or row groups");
            if (page.Values < 0 || (page.Type == DictionaryPage && page.Values > page.Unpacked)) throw Damaged(file, $"column '{name}' with a page of {page.Values} values in {page.Unpacked} bytes");
            if (page.Type is DataPage or DataPageV2)
            {
                values += page.Values;
                if (page.Values == 0 || values > rows) throw Damaged(file, $"column '{name}' with {values} values in {rows} rows");
            }
            at += page.HeaderBytes + page.Packed;
        }
    }

    private PageFacts ReadHeader(long at, ref byte[] buffer, string name)
    {
        for (int length = 1 << 9; ; length = Math.Min(PageHeaderBytesMax, length << 4))
        {
            int available = (int)Math.Min(length, stream.Length - at);
            if (buffer.Length < available) buffer = new byte[available];
            Fill(at, buffer.AsSpan(0, available));
            if (PageFacts.TryRead(buffer.AsSpan(0, available)) is { } page) return page;
            if (available < length || length == PageHeaderBytesMax) throw Damaged(file, $"column '{name}' with a page that has no sound beginning");
        }
    }

    /// <summary>Whether the description is of the protocol, and columns nest only so deep.</summary>
    private static bool IsSound(ReadOnlySpan<byte> footer)
    {
        const int schema = 2;
        ThriftCursor cursor = new(footer);
        for (int id = 0; cursor.NextField(ref id, out int type);)
            if (id == schema && type == ThriftCursor.List) RequireShallow(ref cursor);
            else cursor.Skip(type);
        return cursor.IsSound;
    }

    private static void RequireShallow(ref ThriftCursor cursor)
    {
        const int childrenField = 5;
        int count = cursor.ListHeader(out int type);
        Stack<long> open = new();
        for (int i = 0; i < count && cursor.IsSound; i++)
        {
            long children = 0;
            if (type == ThriftCursor.Struct)
                for (int id = 0; cursor.NextField(ref id, out int field);)
                    if (id == childrenField && field is > ThriftCursor.Byte and < ThriftCursor.Double) children = cursor.Number();
                    else cursor.Skip(field);
            else cursor.Skip(type);
            while (open.Count > 0 && open.Peek() == 0) open.Pop();
            if (open.Count > 0) open.Push(open.Pop() - 1);
            if (children < 0 || children > count || open.Count > NestingMax) cursor.Skip(int.MaxValue);       // no such type: not sound
            if (children > 0) open.Push(children);
        }
    }

    private void Fill(long at, Span<byte> to)
    {
        stream.Position = at;
        if (stream.ReadAtLeast(to, to.Length, throwOnEndOfStream: false) < to.Length) throw Damaged(file, "one that became shorter");
    }

    /// <summary>What a page says of itself.</summary>
    private readonly record struct PageFacts(int HeaderBytes, long Type, long Unpacked, long Packed, long Values)
    {
        private const int TypeField = 1, UnpackedField = 2, PackedField = 3, DataField = 5, DictionaryField = 7, DataV2Field = 8, ValuesField = 1;

        /// <summary>Null where the bytes end within it, or are none.</summary>
        public static PageFacts? TryRead(ReadOnlySpan<byte> bytes)
        {
            ThriftCursor cursor = new(bytes);
            (long type, long unpacked, long packed, long values) = (-1, -1, -1, 0);
            for (int id = 0; cursor.NextField(ref id, out int field);)
                switch (id, field)
                {
                    case (TypeField, > ThriftCursor.Byte and < ThriftCursor.Double):
                        type = cursor.Number();
                        break;
                    case (UnpackedField, > ThriftCursor.Byte and < ThriftCursor.Double):
                        unpacked = cursor.Number();
                        break;
                    case (PackedField, > ThriftCursor.Byte and < ThriftCursor.Double):
                        packed = cursor.Number();
                        break;
                    case (DataField or DictionaryField or DataV2Field, ThriftCursor.Struct):
                        for (int inner = 0; cursor.NextField(ref inner, out int kind);)
                            if (inner == ValuesField && kind is > ThriftCursor.Byte and < ThriftCursor.Double) values = cursor.Number();
                            else cursor.Skip(kind);
                        break;
                    default:
                        cursor.Skip(field);
                        break;
                }
            return cursor.IsSound && type is DataPage or IndexPage or DictionaryPage or DataPageV2 ? new PageFacts(cursor.Position, type, unpacked, packed, values) : null;
        }
    }
}
