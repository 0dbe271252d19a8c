using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Cluster.Ml.Data.Numpy;

/// <summary>What the beginning of a NumPy array says: the type of its items, and how many there are along each axis.</summary>
/// <param name="Kind">f, i, u or b for numbers, U or S for texts.</param>
/// <param name="ItemBytes">Bytes of one item.</param>
/// <param name="IsBigEndian">Whether the highest byte of a number comes first.</param>
/// <param name="Shape">Items along each axis, the last of which is contiguous.</param>
/// <remarks>Source  NumPy Enhancement Proposal 1, versions 1.0 to 3.0 of the format</remarks>
internal sealed partial record NumpyHeader(char Kind, int ItemBytes, bool IsBigEndian, IReadOnlyList<long> Shape)
{
    private const int LengthMax = 1 << 20, TextBytesMax = 1 << 16;

    /// <summary>Rows: items along the first axis.</summary>
    public long Rows => Shape.Count == 0 ? 1 : Shape[0];

    /// <summary>Items a row.</summary>
    public long RowItems { get; } = Shape.Skip(1).Aggregate(1L, (product, length) => product > FeatureLimits.ColumnsMax ? product : product * length);

    /// <summary>Reads it.</summary>
    /// <param name="file">The file, for errors.</param>
    /// <param name="name">The array, for errors.</param>
    /// <param name="fill">Reads bytes until the buffer is full or there are no more.</param>
    /// <exception cref="BadInputException">It is none, or one of items that are neither numbers nor texts.</exception>
    public static NumpyHeader Read(string file, string name, Func<byte[], int> fill)
    {
        byte[] start = new byte[8];
        if (fill(start) < start.Length || start[0] != 0x93 || !start.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
            throw Error(file, name, "a NumPy array (it begins with 93 'NUMPY')", "other bytes", "write it with numpy.save");
        byte[] length = new byte[start[6] == 1 ? sizeof(ushort) : sizeof(uint)];
        int read = fill(length);
        long bytes = read < length.Length ? -1 : length.Length == sizeof(ushort) ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        byte[] text = new byte[Math.Clamp(bytes, 0, LengthMax)];
        if (bytes is < 0 or > LengthMax || fill(text) < text.Length) throw Error(file, name, "a whole header", "one that is cut off", "copy or download it again");
        return Of(file, name, Encoding.UTF8.GetString(text));
    }

    private static NumpyHeader Of(string file, string name, string text)
    {
        (Match type, Match order, Match shape) = (TypePattern().Match(text), OrderPattern().Match(text), ShapePattern().Match(text));
        if (!type.Success || !order.Success || !shape.Success)
            throw Error(file, name, "an array of numbers or texts", "one of other items", "save columns of one type each, as numpy.savez(file, x=..., y=...) does");
        char kind = type.Groups[2].Value[0];
        long size = NumberText.TryRead(type.Groups[3].Value, out int stated) ? stated : 0;
        long bytes = kind == 'U' ? 4 * size : size;
        bool isKnown = kind switch { 'f' => bytes is 2 or 4 or 8, 'i' or 'u' => bytes is 1 or 2 or 4 or 8, 'b' => bytes == 1, 'U' or 'S' => bytes is >= 0 and <= TextBytesMax, _ => false };
        if (!isKnown)
            throw Error(file, name, "an array of numbers (f2 to f8, i1 to i8, u1 to u8, bool) or texts", $"one of '{type.Value.Split('\'')[^2]}'", "convert it with array.astype(float)");
        List<long> lengths = [];
        foreach (string part in shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            lengths.Add(NumberText.TryRead(part, out long items) && items >= 0 ? items : throw Error(file, name, "lengths of axes", "others", "write it with numpy.save"));
        if (order.Groups[1].Value == "True" && lengths.Count > 1)
            throw Error(file, name, "rows one after another (C order)", "columns one after another (Fortran order)", "save numpy.ascontiguousarray(array)");
        NumpyHeader header = new(kind, (int)bytes, type.Groups[1].Value == ">", lengths);
        return header.RowItems <= FeatureLimits.ColumnsMax ? header
            : throw Error(file, name, $"at most {FeatureLimits.ColumnsMax} items a row", string.Create(CultureInfo.InvariantCulture, $"{header.RowItems} or more"), "cut the rows");
    }

    public static BadInputException Error(string file, string name, string wanted, string got, string advice) =>
        new(file, null, null, name.Length == 0 ? wanted : $"{wanted} in '{name}'", got, advice);

    [GeneratedRegex("'descr':\\s*'([<>|=]?)([a-zA-Z])(\\d*)'")]
    private static partial Regex TypePattern();

    [GeneratedRegex("'fortran_order':\\s*(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex("'shape':\\s*\\(([^)]*)\\)")]
    private static partial Regex ShapePattern();
}
