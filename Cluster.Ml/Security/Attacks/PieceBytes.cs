namespace Cluster.Ml.Security.Attacks;

/// <summary>Results of pieces as bytes: little-endian, numbers bit by bit.</summary>
internal static class PieceBytes
{
    /// <summary>What is written.</summary>
    public static byte[] Of(Action<BinaryWriter> write)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        write(writer);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>Reads the same, to the last byte.</summary>
    /// <exception cref="InvalidDataException">They are other bytes.</exception>
    public static void Read(ReadOnlyMemory<byte> result, Action<BinaryReader> read)
    {
        using MemoryStream bytes = new(result.ToArray());
        using BinaryReader reader = new(bytes);
        try
        {
            read(reader);
        }
        catch (EndOfStreamException cut)
        {
            throw new InvalidDataException($"PieceBytes: wanted the result of a piece, got {bytes.Length} bytes, which are too few; run the same version of the program on every node.", cut);
        }
        if (bytes.Position != bytes.Length)
            throw new InvalidDataException($"PieceBytes: wanted the result of a piece of {bytes.Position} bytes, got {bytes.Length}; run the same version of the program on every node.");
    }
}
