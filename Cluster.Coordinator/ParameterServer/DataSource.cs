using System.Security.Cryptography;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>A job's data source as bytes: which files, and any block of them. Reads from disk; call it on a compute thread.</summary>
/// <param name="job">The job.</param>
/// <param name="find">Finds the files; asked once, when they are first wanted.</param>
/// <param name="roots">What may be read for jobs; null for everything.</param>
internal sealed class DataSource(JobId job, Func<IReadOnlyList<NamedFile>> find, DataRoots? roots = null)
{
    private readonly Lazy<IReadOnlyList<NamedFile>> _files = new(find);

    /// <summary>Name, length and hash of every file. Reads them all.</summary>
    /// <exception cref="IOException">One of them cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">One of them may not be read.</exception>
    public ImmutableArray<SourceFile> Describe() => [.. _files.Value.Select(Describe)];

    /// <summary>One block; shorter than 256 KiB only at the end of its file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public SourceRead Read(ReadSource wanted)
    {
        using FileStream stream = Open(_files.Value[wanted.File].Path);
        stream.Position = wanted.Offset;
        byte[] bytes = new byte[Math.Clamp(stream.Length - wanted.Offset, 0, Limits.SourceBlockBytes)];
        stream.ReadExactly(bytes);
        return new SourceRead(
            job, wanted.File, wanted.Offset, Convert.ToHexStringLower(SHA256.HashData(bytes)), new TensorPayload(PayloadKind.Bytes, bytes));
    }

    private SourceFile Describe(NamedFile file)
    {
        using FileStream stream = Open(file.Path);
        return new SourceFile(file.Name, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    private FileStream Open(string path) => DataRoots.Read(roots, () => RegularFile.Open(path));
}
