using System.Security.Cryptography;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data;

/// <summary>Tells whether two sources hold the same data, whatever they are called, wherever they lie, and whatever a job makes of them.</summary>
/// <remarks>Range  equal for files of equal bytes, unpacked, in any order; a file that was changed by one byte is other data</remarks>
public static class SourceIdentity
{
    private const int PieceBytes = 1 << 16;

    /// <summary>SHA-256 of the contents of the job's source, in hexadecimal. Reads all of it.</summary>
    /// <exception cref="BadInputException">A file cannot be read.</exception>
    public static string Of(DataSpec data) => OfFiles(SourceFiles.Of(data with { AdaptTo = null }).Select(file => file.Path));

    /// <summary>SHA-256 of the contents of rows that a model is asked about, in hexadecimal. Reads all of them.</summary>
    /// <exception cref="BadInputException">A file cannot be read.</exception>
    public static string OfRows(string source) => OfFiles(SourceFiles.ForModel(source));

    private static string OfFiles(IEnumerable<string> paths)
    {
        string[] files = [.. paths.Select(HashOf).Order(StringComparer.Ordinal)];
        return files.Length == 1 ? files[0] : Convert.ToHexStringLower(SHA256.HashData([.. files.SelectMany(Convert.FromHexString)]));
    }

    private static string HashOf(string path)
    {
        using DataReader reader = DataReader.Open(path);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = new byte[PieceBytes];
        for (int count; (count = reader.Read(piece)) > 0;) hash.AppendData(piece, 0, count);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
