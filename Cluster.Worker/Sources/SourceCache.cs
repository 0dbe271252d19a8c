using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;

namespace Cluster.Worker.Sources;

/// <summary>
/// Data sources on this node's disk, each in a folder named by the hash of its content. One that is being fetched lies in a
/// separate folder until every file has been verified; then it gets its name, at once and for all nodes that share the disk.
/// </summary>
/// <remarks>Reads and writes files; call it on a compute thread.</remarks>
internal sealed class SourceCache(WorkerId worker, string folder, long bytesMax)
{
    /// <summary>What is being fetched, by which node: a node that was killed finds its own remains and begins them again.</summary>
    private const string PartSuffix = CacheFolder.UnfinishedMark + "-";

    /// <summary>The folder of the source, if it is here and every file has the hash that it should have; null otherwise.</summary>
    public string? Find(ImmutableArray<SourceFile> files)
    {
        string whole = FolderOf(files);
        return Directory.Exists(whole) && ErrorOf(whole, files) is null ? whole : null;
    }

    /// <summary>Makes room for a source, and an empty folder to fetch it into. Returns what is wrong with the source, or null.</summary>
    public string? Begin(ImmutableArray<SourceFile> files)
    {
        if (files.IsEmpty) return "the coordinator's data source: wanted at least one file, got none";
        foreach (SourceFile file in files)
            if (!IsName(file.Name) || file.Length < 0)
                return $"the coordinator's data source: wanted plain names and lengths, got '{file.Name}' of {file.Length} bytes; run the same version of the program on every node";
        decimal bytes = files.Sum(file => (decimal)file.Length);
        if (bytes > bytesMax)
            return string.Create(CultureInfo.InvariantCulture, $"the data cache {folder}: wanted at most {bytesMax} bytes, got a source of {bytes}; raise data-cache-limit, or let this node see the data");
        CacheFolder.MakeRoom(Own, (long)bytes, bytesMax);
        string part = PartOf(files);
        if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
        foreach (SourceFile file in files)
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(Path.Combine(part, file.Name))!);
            using FileStream empty = PrivateFiles.Create(Path.Combine(part, file.Name));
            empty.SetLength(file.Length);
        }
        return null;
    }

    /// <summary>Stores a block at its offset. Returns whether it was sound.</summary>
    public bool Store(ImmutableArray<SourceFile> files, SourceRead read)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(read.Block.Bytes.Span)) != read.Sha256) return false;
        using FileStream stream = new(Path.Combine(PartOf(files), files[read.File].Name), FileMode.Open, FileAccess.Write, FileShare.Write);
        stream.Position = read.Offset;
        stream.Write(read.Block.Bytes.Span);
        return true;
    }

    /// <summary>Every block is stored: verifies the files and gives the folder its name. Returns what is wrong, or null.</summary>
    public string? Finish(ImmutableArray<SourceFile> files)
    {
        (string part, string whole) = (PartOf(files), FolderOf(files));
        if (ErrorOf(part, files) is { } failure) return failure;
        if (Find(files) is not null) Directory.Delete(part, recursive: true);     // another node was quicker
        else
        {
            if (Directory.Exists(whole)) Directory.Delete(whole, recursive: true);
            Directory.Move(part, whole);
        }
        return null;
    }

    /// <summary>Removes what was fetched so far of a source that is no longer wanted.</summary>
    public void Abandon(ImmutableArray<SourceFile> files)
    {
        if (Directory.Exists(PartOf(files))) Directory.Delete(PartOf(files), recursive: true);
    }

    /// <summary>A name, or a folder and a name: nothing that leads out of the cache.</summary>
    private static bool IsName(string name)
    {
        string[] parts = name.Split('/');
        return parts.Length <= 2 && parts.All(part => part.Length > 0 && part is not ("." or "..") && part == Path.GetFileName(part) && !part.Contains('\0', StringComparison.Ordinal));
    }

    private static string? ErrorOf(string folder, ImmutableArray<SourceFile> files)
    {
        foreach (SourceFile file in files)
        {
            string path = Path.Combine(folder, file.Name);
            using FileStream? stream = OwnFolder.OpenFile(path, out string failure, FileOptions.SequentialScan);
            if (stream is null) return $"{path}: {failure}";
            string hash = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (hash != file.Sha256)
                return $"{path}: wanted SHA-256 {file.Sha256}, got {hash}; the source was changed while it was sent, or the disk has failed";
        }
        return null;
    }

    private static string NameOf(ImmutableArray<SourceFile> files)
    {
        StringBuilder text = new();
        foreach (SourceFile file in files) text.Append(CultureInfo.InvariantCulture, $"{file.Name}\n{file.Length}\n{file.Sha256}\n");
        return HashOf(text.ToString());
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Checked each time: a cleaner of temporary files may have removed it.</summary>
    private string Own => OwnFolder.Open(folder);

    private string FolderOf(ImmutableArray<SourceFile> files) => Path.Combine(Own, NameOf(files));

    private string PartOf(ImmutableArray<SourceFile> files) => FolderOf(files) + PartSuffix + HashOf(worker.Value)[..16];
}
