using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Cluster.Ml.Export;

namespace Cluster.Ml.Data.Caching;

/// <summary>Row caches of shards: each holds the rows of one, side by side, so that who maps it has the pages of no other shard in memory.</summary>
/// <remarks>Range  bytes as the source has them; other rows as they were scaled, in doubles, which hold floats exactly</remarks>
internal static class ShardCaches
{
    /// <summary>Each that is written takes two blocks of memory, and a builder's name.</summary>
    private const int WrittenAtOnce = 8;

    /// <summary>Tables of some rows each, mapped from caches; those that are not there are written in one pass for each <see cref="WrittenAtOnce"/>.</summary>
    /// <param name="all">All rows.</param>
    /// <param name="parts">The rows of each shard, best side by side in ascending order.</param>
    /// <param name="file">The source, for errors.</param>
    /// <param name="storage">Where caches are.</param>
    /// <exception cref="BadInputException">There is no room for them.</exception>
    public static RowTable[] Open(RowTable all, ShardNumbers[] parts, string file, RowStorage storage)
    {
        try
        {
            return [.. parts.Chunk(WrittenAtOnce).SelectMany(some => OpenSome(all, some, file, storage))];
        }
        catch (SinkFullException)
        {
            throw new BadInputException(
                file, null, null, $"shards that fit a data cache of {storage.FolderBytesMax} bytes", "more", "raise data-cache-limit, or leave out rows or columns");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw RowCaches.Unkept(file, storage, failure);
        }
    }

    private static RowTable[] OpenSome(RowTable all, ShardNumbers[] parts, string file, RowStorage storage)
    {
        string[] identities = [.. parts.Select(part => IdentityOf(all, part))];
        RawRows?[] found = [.. identities.Select(identity => Find(identity, file, storage))];
        int[] missing = [.. Enumerable.Range(0, parts.Length).Where(i => found[i] is null && parts[i].Length > 0)];
        if (missing.Length > 0) Write(all, [.. missing.Select(i => parts[i])], [.. missing.Select(i => identities[i])], storage);
        foreach (int i in missing) found[i] = Find(identities[i], file, storage) ?? throw new IOException("what was written is read back differently");
        return [.. found.Select((rows, i) => rows is null ? all.Copies([parts[i]])[0] : all.Held(rows.Store))];
    }

    private static RawRows? Find(string identity, string file, RowStorage storage) =>
        RowCaches.Find(RowCaches.PathOf(identity, storage), identity, file, storage, streams: false);

    private static void Write(RowTable all, ShardNumbers[] parts, string[] identities, RowStorage storage)
    {
        List<IDisposable> held = [];
        try
        {
            BuilderSlot[] slots = new BuilderSlot[parts.Length];
            RowCacheWriter[] writers = new RowCacheWriter[parts.Length];
            for (int i = 0; i < parts.Length; i++)
            {
                held.Add(slots[i] = BuilderSlot.Take(OwnFolder.Open(storage.Folder)));
                held.Add(writers[i] = new RowCacheWriter(slots[i].Part, storage.FolderBytesMax));
            }
            int longest = parts.Max(part => part.Length);
            for (int position = 0; position < longest; position++)
                for (int i = 0; i < parts.Length; i++)
                    if (position < parts[i].Length) all.AddTo(writers[i], parts[i][position]);
            for (int i = 0; i < parts.Length; i++)
            {
                string[] names = [.. Enumerable.Range(0, all.Columns).Select(column => column.ToString(CultureInfo.InvariantCulture))];
                writers[i].Complete(identities[i], new RowFacts(names, [], null, parts[i].Length));
                writers[i].Dispose();
                CacheFolder.MakeRoom(OwnFolder.Open(storage.Folder), 0, storage.FolderBytesMax);
                AtomicFile.Move(slots[i].Part, RowCaches.PathOf(identities[i], storage));
            }
        }
        finally
        {
            foreach (IDisposable each in Enumerable.Reverse(held)) each.Dispose();
        }
    }

    /// <summary>SHA-256 of all that decides which numbers a shard's cache holds, in hexadecimal.</summary>
    private static string IdentityOf(RowTable all, ShardNumbers part)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"shard\n{all.HeldAs}\n{all.Identity}\n"));
        hash.AppendData(MemoryMarshal.AsBytes(part.ToArray().AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
