using System.Buffers.Binary;
using System.Globalization;

namespace Cluster.Ml.Data.Caching;

/// <summary>The first bytes of a row cache: what it is, of which source, and where in it everything is.</summary>
/// <param name="Identity">SHA-256 of what decides the rows, in hexadecimal.</param>
/// <param name="AreBytes">Whether features are bytes; otherwise doubles.</param>
/// <param name="HasTargets">Whether each row has a target.</param>
/// <param name="Columns">Numbers a row.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="FactsBytes">Length of what the source says of its rows, as JSON.</param>
/// <param name="ChecksumsCrc">CRC-32C of the list of the blocks' checksums.</param>
/// <remarks>
/// Layout, little-endian: this header in <see cref="Bytes"/> bytes; features, row-major, then zeros up to a multiple of 8; targets
/// as doubles; the facts. All that follows the header is cut into blocks of <see cref="BlockBytes"/>; at the end of the file is
/// one CRC-32C a block. The header ends with its own.
/// </remarks>
internal sealed record RowCacheHeader(string Identity, bool AreBytes, bool HasTargets, int Columns, int Rows, int FactsBytes, uint ChecksumsCrc)
{
    public const int Bytes = 4096, BlockBytes = 1 << 20;
    public const int Version = 1;

    private const int WrittenBytes = 76;
    private static ReadOnlySpan<byte> Magic => "CLUSTROW"u8;

    public long FeatureBytes => (long)Rows * Columns * (AreBytes ? 1 : sizeof(double));

    public long TargetsStart => Bytes + FeatureBytes + (-FeatureBytes & (sizeof(double) - 1));

    public long FactsStart => TargetsStart + (HasTargets ? (long)Rows * sizeof(double) : 0);

    public long ChecksumsStart => FactsStart + FactsBytes;

    public int Blocks => checked((int)((ChecksumsStart - Bytes + BlockBytes - 1) / BlockBytes));

    public long FileBytes => ChecksumsStart + ((long)Blocks * sizeof(uint));

    public void Write(Span<byte> page)
    {
        page.Clear();
        Magic.CopyTo(page);
        BinaryPrimitives.WriteInt32LittleEndian(page[8..], Version);
        page[12] = (byte)(AreBytes ? 1 : 0);
        page[13] = (byte)(HasTargets ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(page[16..], Columns);
        BinaryPrimitives.WriteInt32LittleEndian(page[20..], Rows);
        BinaryPrimitives.WriteInt32LittleEndian(page[24..], FactsBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(page[28..], ChecksumsCrc);
        Convert.FromHexString(Identity, page.Slice(32, 32), out _, out _);
        BinaryPrimitives.WriteUInt32LittleEndian(page[(WrittenBytes - sizeof(uint))..], Checksum.Of(page[..(WrittenBytes - sizeof(uint))]));
    }

    /// <summary>What the header says of sizes, against the file's: every offset that follows from it lies within the file, and none overflowed.</summary>
    private string SizesError(byte areBytes, byte hasTargets, long fileBytes)
    {
        if (areBytes > 1 || hasTargets > 1 || Columns < 1 || Rows < 1 || FactsBytes < 1)
            return string.Create(CultureInfo.InvariantCulture, $"wanted at least one row and one column, got {Rows} rows of {Columns} columns described by {FactsBytes} bytes, kinds {areBytes} and {hasTargets}");
        Int128 features = (Int128)Rows * Columns * (AreBytes ? 1 : sizeof(double));
        if (features > fileBytes) return string.Create(CultureInfo.InvariantCulture, $"wanted at least {features} bytes, got {fileBytes}");
        return FileBytes == fileBytes ? "" : string.Create(CultureInfo.InvariantCulture, $"wanted {FileBytes} bytes, got {fileBytes}");
    }

    /// <summary>Reads what <see cref="Write"/> wrote for these rows; says otherwise what is wrong with it.</summary>
    public static RowCacheHeader? Read(ReadOnlySpan<byte> page, string identity, long fileBytes, out string error)
    {
        error = "";
        if (page.Length < Bytes) error = $"wanted a header of {Bytes} bytes, got {page.Length}";
        else if (!page.StartsWith(Magic)) error = $"wanted a row cache (magic {Convert.ToHexString(Magic)}), got {Convert.ToHexString(page[..Magic.Length])}";
        else if (BinaryPrimitives.ReadInt32LittleEndian(page[8..]) is var version && version != Version) error = $"wanted version {Version}, got {version}";
        else if (Checksum.Of(page[..(WrittenBytes - sizeof(uint))]) is var crc && crc != BinaryPrimitives.ReadUInt32LittleEndian(page[(WrittenBytes - sizeof(uint))..]))
            error = string.Create(CultureInfo.InvariantCulture, $"wanted a header with the CRC-32C that it states, got {crc:X8}");
        else if (Convert.ToHexStringLower(page.Slice(32, 32)) is var got && got != identity) error = $"wanted the rows of {identity}, got those of {got}";
        if (error.Length > 0) return null;
        RowCacheHeader header = new(
            identity, page[12] == 1, page[13] == 1, BinaryPrimitives.ReadInt32LittleEndian(page[16..]), BinaryPrimitives.ReadInt32LittleEndian(page[20..]),
            BinaryPrimitives.ReadInt32LittleEndian(page[24..]), BinaryPrimitives.ReadUInt32LittleEndian(page[28..]));
        error = header.SizesError(page[12], page[13], fileBytes);
        return error.Length == 0 ? header : null;
    }
}
