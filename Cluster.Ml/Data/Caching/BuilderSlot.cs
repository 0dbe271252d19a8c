namespace Cluster.Ml.Data.Caching;

/// <summary>
/// A name to write a row cache under, held by nobody else on this machine. A process that dies while it builds lets go of its
/// slot, and whoever takes that next writes over what it left.
/// </summary>
internal sealed class BuilderSlot : IDisposable
{
    private const int SlotsMax = 64;

    private readonly FileStream _held;

    private BuilderSlot(FileStream held, string part) => (_held, Part) = (held, part);

    /// <summary>The file to write.</summary>
    public string Part { get; }

    /// <exception cref="IOException">The folder cannot be written to, or too many build at once.</exception>
    public static BuilderSlot Take(string folder)
    {
        for (int slot = 0; ; slot++)
        {
            string part = Path.Combine(folder, $"builder-{slot}{CacheFolder.UnfinishedMark}"), held = part + ".lock";
            try
            {
                return new BuilderSlot(PrivateFiles.Hold(held), part);
            }
            catch (IOException) when (slot < SlotsMax - 1 && File.Exists(held))
            {
                // another process, or another thread of this one, builds in it
            }
        }
    }

    /// <summary>Removes what was not finished, and lets go.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(Part);
        }
        finally
        {
            _held.Dispose();
        }
    }
}
