using System.Buffers.Binary;
using System.IO.Compression;

namespace Cluster.Ml.Data;

/// <summary>Reads a file from its beginning to its end, unpacked where it is gzip, and turns every failure into <see cref="BadInputException"/>.</summary>
internal sealed class DataReader : IDisposable
{
    private const int GzipBytesMin = 18, GzipTrailerBytes = 8;
    private const int GzipRatioMax = 1032;      // deflate cannot pack tighter

    private readonly string _path;
    private readonly Stream _file;
    private readonly long _fileLength;
    private readonly GZipStream? _unpacked;
    private readonly uint _stated;

    private DataReader(string path, Stream file, bool unpacks)
    {
        (_path, _file, _fileLength) = (path, file, file.Length);
        if (!unpacks) return;
        Span<byte> ends = stackalloc byte[sizeof(uint)];
        int first = file.ReadAtLeast(ends[..2], 2, throwOnEndOfStream: false);
        bool packed = first == 2 && ends[0] == 0x1F && ends[1] == 0x8B;
        if (!packed && path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            string got = first == 0 ? "an empty file" : $"a file that begins with {Convert.ToHexString(ends[..first])}";
            throw new BadInputException(path, null, null, "a gzip file (it begins with 1F8B)", got, "pack it with gzip, or drop .gz from its name");
        }
        if (packed)
        {
            if (_fileLength < GzipBytesMin) throw Damaged("shorter than any gzip file");
            file.Position = _fileLength - ends.Length;
            file.ReadExactly(ends);
            _stated = BinaryPrimitives.ReadUInt32LittleEndian(ends);
        }
        file.Position = 0;
        if (packed) _unpacked = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <summary>How many bytes were read so far, unpacked.</summary>
    public long BytesRead { get; private set; }

    /// <summary>How many bytes there are; null if that is seen only at the end, as of a packed file.</summary>
    public long? Length => _unpacked is null ? _fileLength : null;

    /// <summary>How many bytes there are; of a packed file as many as it states, where it could hold them.</summary>
    public long PlausibleLength => _unpacked is null ? _fileLength : Math.Min(_stated, (_fileLength - GzipTrailerBytes) * GzipRatioMax);

    /// <summary>
    /// How many bytes there are at least, and most often exactly: a packed file states its length modulo 2³², and a large one is
    /// taken for no less than four times its packed length.
    /// </summary>
    public long EstimatedLength => _unpacked is null ? _fileLength
        : _fileLength * GzipRatioMax <= uint.MaxValue ? PlausibleLength : Math.Max(_stated, 4 * _fileLength);

    /// <param name="path">The file.</param>
    /// <param name="unpacks">Whether a gzip file is unpacked; otherwise it is read as it is.</param>
    /// <exception cref="BadInputException">It is not there, may not be read, or is no gzip file although it is called so.</exception>
    public static DataReader Open(string path, bool unpacks = true)
    {
        FileStream? file = null;
        try
        {
            file = RegularFile.Open(path, FileOptions.SequentialScan);
            return new DataReader(path, file, unpacks);
        }
        catch (Exception e)
        {
            file?.Dispose();
            if (ErrorOf(path, e) is { } error) throw error;
            throw;
        }
    }

    /// <summary>Reads bytes that are in memory.</summary>
    /// <param name="name">What errors name.</param>
    /// <param name="bytes">All of them.</param>
    public static DataReader Of(string name, byte[] bytes) => new(name, new MemoryStream(bytes, writable: false), unpacks: false);

    /// <summary>Reads some bytes; 0 at the end of a sound file alone.</summary>
    public int Read(Span<byte> to)
    {
        try
        {
            int count = (_unpacked ?? _file).Read(to);
            BytesRead += count;
            if (count == 0 && !to.IsEmpty) RequireEnd();
            return count;
        }
        catch (Exception e) when (e is InvalidDataException || (_unpacked is not null && e is EndOfStreamException))
        {
            throw Damaged(e.Message, e);
        }
        catch (IOException e)
        {
            throw ErrorOf(_path, e)!;
        }
    }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    public int Fill(Span<byte> to)
    {
        int filled = 0;
        while (filled < to.Length)
        {
            int count = Read(to[filled..]);
            if (count == 0) break;
            filled += count;
        }
        return filled;
    }

    public void Dispose()
    {
        _unpacked?.Dispose();
        _file.Dispose();
    }

    private void RequireEnd()
    {
        if (_unpacked is null && BytesRead < _fileLength)
            throw new EndOfStreamException();
        if (_unpacked is not null && BytesRead < _stated) throw Damaged($"it ends after {BytesRead} of {_stated} bytes");
    }

    private BadInputException Damaged(string how, Exception? cause = null) =>
        new(_path, null, null, "a whole gzip file", $"a damaged one ({how})", "copy or download it again", cause);

    private static BadInputException? ErrorOf(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException =>
            new(path, null, null, "a file that exists", "none of this name", "check the path; a relative one in a job file starts at the folder of that file", e),
        EndOfStreamException =>
            new(path, null, null, "a file that stays as it is while it is read", "one that became shorter", "start again when nothing writes to it", e),
        OutsideRootsException outside => outside.Error,
        NotRegularFileException { Kind: not FileKind.Folder } other => new(
            path, null, null, "a file", NotRegularFileException.NameOf(other.Kind), "write the data to a file, and name that", e),
        IOException or UnauthorizedAccessException => new(
            path, null, null, "a file that can be read", Directory.Exists(path) ? "a folder" : $"'{e.Message}'", "check the path, and who may read it", e),
        _ => null,
    };
}
