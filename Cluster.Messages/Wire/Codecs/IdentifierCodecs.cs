using System.Numerics;
using Cluster.Messages.Identifiers;

namespace Cluster.Messages.Wire.Codecs;

/// <summary>How the identifiers travel, which most messages begin with.</summary>
public static class IdentifierCodecs
{
    private const string NameRule = "1 to 100 letters, digits, '-', '_' and '.'";

    /// <summary>Writes a job's name.</summary>
    public static void Job(this WireWriter writer, JobId job)
    {
        if (job.Value is null || !IsName(job.Value)) throw new UnsendableMessageException(nameof(Job), NameRule, $"'{job.Value}'");
        writer.Text(job.Value, Limits.JobIdBytesMax, nameof(Job));
    }

    /// <summary>Writes a key, or that there is none.</summary>
    public static void Key(this WireWriter writer, KeyBytes? key, string field)
    {
        writer.Boolean(key is not null);
        if (key is not null) writer.Bytes(key.Span, KeyBytes.Length, field);
    }

    /// <summary>Reads a key, or that there is none.</summary>
    public static KeyBytes? Key(this WireReader reader, string field)
    {
        if (!reader.Boolean(field)) return null;
        ImmutableArray<byte> bytes = reader.Bytes(KeyBytes.Length, field);
        return bytes.Length == KeyBytes.Length ? new KeyBytes(bytes.AsSpan()) : throw reader.Failure(field, $"{KeyBytes.Length} bytes", $"{bytes.Length}");
    }

    /// <summary>Reads a job's name.</summary>
    public static JobId Job(this WireReader reader)
    {
        string name = reader.Text(Limits.JobIdBytesMax, nameof(Job));
        return IsName(name) ? new JobId(name) : throw reader.Failure(nameof(Job), NameRule, "other text");
    }

    /// <summary>Writes a worker's name.</summary>
    public static void Worker(this WireWriter writer, WorkerId worker) =>
        writer.Text(worker.Value, Limits.WorkerIdBytesMax, nameof(Worker));

    /// <summary>Reads a worker's name.</summary>
    public static WorkerId Worker(this WireReader reader) => new(reader.Text(Limits.WorkerIdBytesMax, nameof(Worker)));

    /// <summary>Writes a task's name.</summary>
    public static void Task(this WireWriter writer, TaskId task)
    {
        writer.Job(task.Job);
        writer.Int32(task.Index);
    }

    /// <summary>Reads a task's name.</summary>
    public static TaskId Task(this WireReader reader) => new(reader.Job(), reader.Int32("Task.Index"));

    /// <summary>Writes what a round asks.</summary>
    public static void Purpose(this WireWriter writer, RoundPurpose purpose) =>
        writer.Choice((byte)purpose, (byte)RoundPurpose.TrainStale, nameof(Purpose));

    /// <summary>Reads what a round asks.</summary>
    public static RoundPurpose Purpose(this WireReader reader) =>
        (RoundPurpose)reader.Choice((byte)RoundPurpose.TrainStale, nameof(Purpose));

    /// <summary>Writes a round.</summary>
    public static void Round(this WireWriter writer, RoundId round)
    {
        writer.Int64(round.Incarnation);
        writer.Int64(round.Ordinal);
        writer.Purpose(round.Purpose);
        writer.Int64(round.Step);
        writer.Int32(round.Epoch);
    }

    /// <summary>Reads a round.</summary>
    public static RoundId Round(this WireReader reader) => new(
        reader.Int64("Round.Incarnation"), reader.Int64("Round.Ordinal"), reader.Purpose(), reader.Int64("Round.Step"), reader.Int32("Round.Epoch"));

    /// <summary>Writes a subtree.</summary>
    public static void Subtree(this WireWriter writer, SubtreeId subtree)
    {
        if (!IsAligned(subtree)) throw new UnsendableMessageException(nameof(Subtree), "an aligned subtree", $"{subtree}");
        writer.Int32(subtree.First);
        writer.Int32(subtree.Count);
    }

    /// <summary>Reads a subtree.</summary>
    public static SubtreeId Subtree(this WireReader reader)
    {
        var subtree = new SubtreeId(reader.Int32("Subtree.First"), reader.Int32("Subtree.Count"));
        return IsAligned(subtree) ? subtree : throw reader.Failure(nameof(Subtree), "an aligned subtree", $"{subtree}");
    }

    /// <summary>Writes a list of data shards.</summary>
    public static void Shards(this WireWriter writer, ImmutableArray<int> shards, string field)
    {
        ReadOnlySpan<int> span = shards.AsSpan();
        writer.Count(span.Length, Limits.ShardCountMax, field);
        foreach (int shard in span) writer.Int32(shard);
    }

    /// <summary>Reads a list of data shards.</summary>
    public static ImmutableArray<int> Shards(this WireReader reader, string field) =>
        reader.List(Limits.ShardCountMax, sizeof(int), field, r => r.Int32("Shards", 0, Limits.ShardCountMax - 1));

    /// <summary>Writes which range of the parameters follows.</summary>
    public static void Range(this WireWriter writer, RangeId range)
    {
        if (!IsRange(range)) throw new UnsendableMessageException(nameof(Range), $"an index below a count of 1 to {Limits.RangeCountMax}", $"{range}");
        writer.Int32(range.Index);
        writer.Int32(range.Count);
    }

    /// <summary>Reads which range of the parameters follows.</summary>
    public static RangeId Range(this WireReader reader)
    {
        var range = new RangeId(reader.Int32("Range.Index"), reader.Int32("Range.Count"));
        return IsRange(range) ? range : throw reader.Failure(nameof(Range), $"an index below a count of 1 to {Limits.RangeCountMax}", $"{range}");
    }

    private static bool IsRange(RangeId range) => range.Index >= 0 && range.Index < range.Count && range.Count <= Limits.RangeCountMax;

    private static bool IsAligned(SubtreeId subtree) =>
        subtree.Count > 0 && BitOperations.IsPow2(subtree.Count) && subtree.First >= 0 && subtree.First % subtree.Count == 0
        && subtree.First <= Limits.ShardCountMax - subtree.Count;

    private static bool IsName(string name)
    {
        if (name.Length is 0 or > Limits.JobIdBytesMax) return false;
        foreach (char c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) return false;
        return true;
    }
}
