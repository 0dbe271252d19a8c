using System.Data.Common;
using System.Security.Cryptography;
using Cluster.Coordinator.Authority;
using Dapper;

namespace Cluster.Coordinator.Database;

/// <summary>
/// Large objects in the journal's database: checkpoints and models, in blocks, each with a SHA-256. One is there whole or not
/// at all, and is written by whoever holds the lease or by nobody.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="kind">What kind of objects; each kind is counted and pruned by itself.</param>
internal sealed class StoredObjects(CoordinatorDatabase database, string kind)
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockBytesMax = 1 << 20;

    /// <summary>Names an object in messages.</summary>
    public string NameOf(string directory, long step) => $"{database.Name}, {kind} of {directory}, step {step}";

    /// <summary>Writes an object in the place of one with the same step, then lets all but the newest go.</summary>
    /// <param name="directory">Whose it is.</param>
    /// <param name="step">Orders the objects of one directory.</param>
    /// <param name="keep">How many are kept, at least 1.</param>
    /// <param name="authority">What it is written under.</param>
    /// <param name="write">Writes it; again where a connection was lost.</param>
    /// <exception cref="AuthorityLostException">It is another's to write.</exception>
    /// <exception cref="Checkpoints.StorageException">The database cannot be reached or refuses.</exception>
    public void Write(string directory, long step, int keep, WriteAuthority authority, Action<Stream> write) => database.Do((connection, transaction) =>
    {
        Delete("step = @step", new { kind, directory, step }, connection, transaction);
        using BlockWriter blocks = new((number, payload) => connection.Execute(
            "INSERT INTO object_blocks (kind, directory, step, block_nr, payload, sha256) VALUES (@kind, @directory, @step, @number, @payload, @sha256)",
            new { kind, directory, step, number, payload, sha256 = SHA256.HashData(payload) }, transaction));
        write(blocks);
        blocks.Complete();
        connection.Execute(
            "INSERT INTO objects (kind, directory, step, bytes, token) VALUES (@kind, @directory, @step, @Length, @Token)",
            new { kind, directory, step, blocks.Length, authority.Token }, transaction);
        Prune(directory, keep, connection, transaction);
        database.Require(authority, NameOf(directory, step), connection, transaction);     // last, so that nobody waits for long
        return true;
    });

    /// <summary>Steps of a directory's objects, newest first.</summary>
    public long[] Steps(string directory) => database.Do((connection, transaction) => connection.Query<long>(
        "SELECT step FROM objects WHERE kind = @kind AND directory = @directory ORDER BY step DESC", new { kind, directory }, transaction).ToArray());

    /// <summary>Reads an object.</summary>
    /// <exception cref="InvalidDataException">A block is missing or damaged.</exception>
    /// <exception cref="EndOfStreamException">The object is gone.</exception>
    public T Read<T>(string directory, long step, Func<Stream, T> read) => database.Do((connection, transaction) =>
    {
        long bytes = LengthOf(directory, step, connection, transaction);
        using BlockReader blocks = new(bytes, number => Block(directory, step, number, connection, transaction));
        return read(blocks);
    });

    /// <summary>Reads a part of an object: at most to the end of the block that it begins in; nothing at the object's end.</summary>
    /// <exception cref="InvalidDataException">The block is missing or damaged.</exception>
    /// <exception cref="EndOfStreamException">The object is gone.</exception>
    public (long Length, byte[] Part) ReadPart(string directory, long step, long offset, int bytesMax) => database.Do((connection, transaction) =>
    {
        long length = LengthOf(directory, step, connection, transaction);
        if (offset < 0 || offset >= length) return (length, []);
        byte[] block = Block(directory, step, offset / BlockBytesMax, connection, transaction);
        int start = (int)(offset % BlockBytesMax);
        return (length, block[start..Math.Min(block.Length, start + bytesMax)]);
    });

    private byte[] Block(string directory, long step, long number, DbConnection connection, DbTransaction transaction)
    {
        (byte[] payload, byte[] wanted) = connection.QuerySingleOrDefault<(byte[], byte[])>(
            "SELECT payload, sha256 FROM object_blocks WHERE kind = @kind AND directory = @directory AND step = @step AND block_nr = @number",
            new { kind, directory, step, number }, transaction);
        if (payload is null) throw new InvalidDataException($"wanted block {number}, got none");
        byte[] got = SHA256.HashData(payload);
        return got.AsSpan().SequenceEqual(wanted) ? payload
            : throw new InvalidDataException($"block {number}: wanted SHA-256 {Convert.ToHexStringLower(wanted)}, got {Convert.ToHexStringLower(got)}");
    }

    private long LengthOf(string directory, long step, DbConnection connection, DbTransaction transaction) =>
        connection.ExecuteScalar<long?>(
            "SELECT bytes FROM objects WHERE kind = @kind AND directory = @directory AND step = @step", new { kind, directory, step }, transaction)
        ?? throw new EndOfStreamException("wanted the object, got none");

    private void Prune(string directory, int keep, DbConnection connection, DbTransaction transaction)
    {
        long? oldestKept = connection.ExecuteScalar<long?>(
            "SELECT step FROM objects WHERE kind = @kind AND directory = @directory ORDER BY step DESC LIMIT 1 OFFSET @Offset",
            new { kind, directory, Offset = keep - 1 }, transaction);
        if (oldestKept is { } step) Delete("step < @step", new { kind, directory, step }, connection, transaction);
    }

    private static void Delete(string which, object parameters, DbConnection connection, DbTransaction transaction)
    {
        foreach (string table in (string[])["object_blocks", "objects"])
            connection.Execute($"DELETE FROM {table} WHERE kind = @kind AND directory = @directory AND {which}", parameters, transaction);
    }
}
