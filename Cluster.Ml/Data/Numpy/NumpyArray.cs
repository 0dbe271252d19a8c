using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Cluster.Ml.Data.Numpy;

/// <summary>A NumPy array, row by row.</summary>
/// <param name="file">The file, for errors.</param>
/// <param name="name">The array, for errors; empty for the only one of a file.</param>
/// <param name="fill">Reads bytes until the buffer is full or there are no more.</param>
internal sealed class NumpyArray(string file, string name, Func<byte[], int> fill)
{
    private byte[] _row = [];

    /// <summary>What its beginning says.</summary>
    public NumpyHeader Header { get; } = NumpyHeader.Read(file, name, fill);

    /// <summary>The names of its columns: the array's name, followed by the column's place if there are several.</summary>
    public IEnumerable<string> ColumnNames => name.Length > 0 && Header.RowItems == 1 ? [name]
        : Enumerable.Range(0, (int)Header.RowItems).Select(i => $"{(name.Length > 0 ? name : "c")}{i}");

    /// <summary>Goes to the next row.</summary>
    /// <param name="row">Which it is, for errors.</param>
    public void Read(long row)
    {
        if (_row.Length == 0) _row = new byte[Header.RowItems * Header.ItemBytes];
        if (fill(_row) < _row.Length)
            throw NumpyHeader.Error(file, name, $"{Header.Rows} rows, as its header says", $"bytes that end in row {row + 1}", "copy or download it again");
    }

    /// <summary>The number of a column; false for a text.</summary>
    public bool TryNumber(int column, out double value)
    {
        ReadOnlySpan<byte> item = ItemOf(column);
        value = 0;
        if (Header.Kind is 'U' or 'S') return false;
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        item.CopyTo(bytes);
        bytes = bytes[..item.Length];
        if (Header.IsBigEndian) bytes.Reverse();
        value = (Header.Kind, item.Length) switch
        {
            ('f', 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            ('f', 4) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            ('f', 8) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            ('i', 1) => (sbyte)bytes[0],
            ('i', 2) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            ('i', 4) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ('i', 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            ('u', 2) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            ('u', 4) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            ('u', 8) => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            _ => bytes[0],
        };
        return true;
    }

    /// <summary>The text of a column.</summary>
    public string TextOf(int column)
    {
        if (TryNumber(column, out double number)) return Jobs.Keys.KeyKinds.Text(number);
        ReadOnlySpan<byte> item = ItemOf(column);
        if (Header.Kind == 'S') return Encoding.UTF8.GetString(item).TrimEnd('\0');
        StringBuilder text = new();
        foreach (int letter in MemoryMarshal.Cast<byte, int>(item))
        {
            int code = Header.IsBigEndian ? BinaryPrimitives.ReverseEndianness(letter) : letter;
            if (code != 0) text.Append(Rune.IsValid(code) ? new Rune(code).ToString() : "\uFFFD");
        }
        return text.ToString();
    }

    private ReadOnlySpan<byte> ItemOf(int column) => _row.AsSpan(column * Header.ItemBytes, Header.ItemBytes);
}
