using Cluster.Ml.Data;

namespace Cluster.Ml.Export;

/// <summary>Writes a file so that, whenever the process or the machine dies, the path holds the old content or the new, never a part.</summary>
/// <remarks>
/// Steps     write beside the path, flush to the disk, rename over the path
/// Range     a leftover of an earlier death is removed first, and what somebody put in its place, a link perhaps, is not written through; on
///           failure the path is untouched and the leftover removed; nobody but its owner may read the file
/// </remarks>
public static class AtomicFile
{
    /// <summary>Ending of the file that is written first.</summary>
    public const string PartSuffix = ".part";

    /// <summary>Replaces the file's content; makes its folder where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path), part = full + PartSuffix;
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        try
        {
            File.Delete(part);
            using (FileStream file = PrivateFiles.Create(part))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(part, full, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }
}
