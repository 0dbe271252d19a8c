using System.Buffers.Binary;
using System.Security.Cryptography;
using Cluster.Coordinator.Checkpoints;
using Cluster.Ml.Data;
using Cluster.Ml.Tasks;

namespace Cluster.Coordinator.Tasks;

/// <summary>What the tasks of a job gave, byte by byte, for whoever ordered them.</summary>
/// <remarks>
/// Layout  "CLUSTERT" · count (4 bytes) · of each task, by index: length (4) and bytes · SHA-256 of all before (32); integers little-endian
/// Range   written whole or not at all
/// </remarks>
internal static class TaskResultFile
{
    /// <summary>Its name in the folder of the run.</summary>
    public const string FileName = "tasks.bin";

    private const int CountBytes = 4, ChecksumBytes = 32;

    private static ReadOnlySpan<byte> Magic => "CLUSTERT"u8;

    /// <summary>Writes the file.</summary>
    /// <param name="directory">The folder of the run.</param>
    /// <param name="done">Every task, by index.</param>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public static void Write(string directory, IReadOnlyList<TaskDone> done)
    {
        long bytes = Magic.Length + CountBytes + ChecksumBytes + done.Sum(task => (long)CountBytes + task.Result.Length);
        DurableFile.Write(Path.Combine(directory, FileName), bytes, file =>
        {
            using IncrementalHash checksum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            void Append(ReadOnlySpan<byte> some)
            {
                checksum.AppendData(some);
                file.Write(some);
            }
            byte[] number = new byte[CountBytes];
            void AppendNumber(int value)
            {
                BinaryPrimitives.WriteInt32LittleEndian(number, value);
                Append(number);
            }
            Append(Magic);
            AppendNumber(done.Count);
            foreach (TaskDone task in done)
            {
                AppendNumber(task.Result.Length);
                Append(task.Result.Span);
            }
            file.Write(checksum.GetHashAndReset());
        });
    }

    /// <summary>Reads the file.</summary>
    /// <returns>The result of every task, by index.</returns>
    /// <exception cref="BadInputException">It is absent or damaged.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Wrong(path, error.Message.TrimEnd('.'));
        }
        int end = bytes.Length - ChecksumBytes, at = Magic.Length + CountBytes;
        if (end < at || !bytes.AsSpan().StartsWith(Magic) || !SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end))) throw Wrong(path, "another file, or a damaged one");
        ReadOnlyMemory<byte>[] results = new ReadOnlyMemory<byte>[NumberAt(Magic.Length)];
        for (int task = 0; task < results.Length; task++)
        {
            int length = NumberAt(at);
            results[task] = bytes.AsMemory(at + CountBytes, length);
            at += CountBytes + length;
        }
        return results;

        int NumberAt(int place) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(place));
    }

    private static BadInputException Wrong(string path, string got) => new(path, null, null, "what the tasks of the run gave", got, "run the command again");
}
