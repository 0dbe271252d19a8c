namespace Cluster.Messages.Wire.Codecs;

/// <summary>Codecs of the conversation in DataShards.cs.</summary>
internal static class DataShardsCodecs
{
    public static void AddTo(MessageCodecs codecs) => codecs
        .Register<OpenShard>("OS2", Write, ReadOpenShard, Limits.JobMessageBytesMax)
        .Register<ShardsHosted>("SH1", Write, ReadShardsHosted, Limits.JobMessageBytesMax)
        .Register<ShardUnavailable>("SU1", Write, ReadShardUnavailable)
        .Register<CloseJob>("CJ1", (writer, message) => writer.Job(message.Job), reader => new CloseJob(reader.Job()));

    private static void Write(WireWriter writer, OpenShard message)
    {
        if (message.ShardCount is < 1 or > Limits.ShardCountMax || message.Shard < 0 || message.Shard >= message.ShardCount)
            throw new UnsendableMessageException(nameof(message.Shard), $"a shard below a count of 1 to {Limits.ShardCountMax}", $"{message.Shard} of {message.ShardCount}");
        writer.Job(message.Job);
        writer.Int32(message.ShardCount);
        writer.Int32(message.Shard);
        writer.Text(message.JobText, Limits.JobTextBytesMax, nameof(message.JobText));
        writer.Text(message.BaseDirectory, Limits.PathBytesMax, nameof(message.BaseDirectory));
        writer.Text(message.DataSha256, Limits.HashBytesMax, nameof(message.DataSha256));
        writer.Actor(message.ParameterServer, nameof(message.ParameterServer));
        writer.Int64(message.Incarnation);
    }

    private static OpenShard ReadOpenShard(WireReader reader)
    {
        var job = reader.Job();
        int count = reader.Int32(nameof(OpenShard.ShardCount), 1, Limits.ShardCountMax);
        int shard = reader.Int32(nameof(OpenShard.Shard), 0, count - 1);
        return new OpenShard(
            job, shard, count, reader.Text(Limits.JobTextBytesMax, nameof(OpenShard.JobText)),
            reader.Text(Limits.PathBytesMax, nameof(OpenShard.BaseDirectory)),
            reader.Text(Limits.HashBytesMax, nameof(OpenShard.DataSha256)), reader.Actor(nameof(OpenShard.ParameterServer)),
            reader.Int64(nameof(OpenShard.Incarnation)));
    }

    private static void Write(WireWriter writer, ShardsHosted message)
    {
        writer.Job(message.Job);
        writer.Worker(message.Worker);
        writer.Actor(message.WorkerRef, nameof(message.WorkerRef));
        writer.Shards(message.Shards, nameof(message.Shards));
        writer.Int64(message.Incarnation);
    }

    private static ShardsHosted ReadShardsHosted(WireReader reader) => new(
        reader.Job(), reader.Worker(), reader.Actor(nameof(ShardsHosted.WorkerRef)),
        reader.Shards(nameof(ShardsHosted.Shards)), reader.Int64(nameof(ShardsHosted.Incarnation)));

    private static void Write(WireWriter writer, ShardUnavailable message)
    {
        writer.Job(message.Job);
        writer.Int32(message.Shard);
        writer.Worker(message.Worker);
        writer.Reason(message.Reason);
        writer.Int64(message.Incarnation);
    }

    private static ShardUnavailable ReadShardUnavailable(WireReader reader) => new(
        reader.Job(), reader.Int32(nameof(ShardUnavailable.Shard)), reader.Worker(), reader.Reason(),
        reader.Int64(nameof(ShardUnavailable.Incarnation)));
}
