namespace Cluster.Messages.Wire.Codecs;

/// <summary>Codecs of the conversation in ParameterRanges.cs.</summary>
internal static class ParameterRangesCodecs
{
    private const int ActorBytesMin = 2;

    public static void AddTo(MessageCodecs codecs) => codecs
        .Register<OpenRange>("OR1", Write, ReadOpenRange)
        .Register<RangeHosted>("RH1", Write, ReadRangeHosted)
        .Register<FillRange>("FR2", Write, ReadFillRange, Limits.VectorMessageBytesMax)
        .Register<OpenRangeRound>("OO1", Write, ReadOpenRangeRound, Limits.MessageBytesMax)
        .Register<RangeGathered>("RG2", Write, ReadRangeGathered, Limits.MessageBytesMax)
        .Register<CollectRange>("CR1", Write, ReadCollectRange)
        .Register<RangeCollected>("RO2", Write, ReadRangeCollected, Limits.VectorMessageBytesMax)
        .Register<RangeFailed>("RF1", Write, ReadRangeFailed);

    private static void Write(WireWriter writer, OpenRange message)
    {
        writer.Job(message.Job);
        writer.Range(message.Range);
        writer.Actor(message.ParameterServer, nameof(message.ParameterServer));
        writer.Int64(message.Incarnation);
    }

    private static OpenRange ReadOpenRange(WireReader reader) =>
        new(reader.Job(), reader.Range(), reader.Actor(nameof(OpenRange.ParameterServer)), reader.Int64(nameof(OpenRange.Incarnation)));

    private static void Write(WireWriter writer, RangeHosted message)
    {
        writer.Job(message.Job);
        writer.Range(message.Range);
        writer.Actor(message.Server, nameof(message.Server));
        writer.Int64(message.Incarnation);
        writer.Int64(message.Filled);
    }

    private static RangeHosted ReadRangeHosted(WireReader reader) => new(
        reader.Job(), reader.Range(), reader.Actor(nameof(RangeHosted.Server)), reader.Int64(nameof(RangeHosted.Incarnation)),
        reader.Int64(nameof(RangeHosted.Filled)));

    private static void Write(WireWriter writer, FillRange message)
    {
        writer.Job(message.Job);
        writer.Range(message.Range);
        writer.Round(message.Moment);
        writer.Payload(message.Numbers, nameof(message.Numbers));
    }

    private static FillRange ReadFillRange(WireReader reader) =>
        new(reader.Job(), reader.Range(), reader.Round(), reader.Payload(nameof(FillRange.Numbers)));

    private static void Write(WireWriter writer, OpenRangeRound message)
    {
        writer.Job(message.Job);
        writer.Range(message.Range);
        writer.Round(message.Round);
        writer.Nullable(message.Scale);
        writer.Count(message.Workers.Length, Limits.ShardCountMax, nameof(message.Workers));
        foreach (IActorRef worker in message.Workers) writer.Actor(worker, nameof(message.Workers));
    }

    private static OpenRangeRound ReadOpenRangeRound(WireReader reader) => new(
        reader.Job(), reader.Range(), reader.Round(), reader.NullableDouble(nameof(OpenRangeRound.Scale)),
        reader.List(Limits.ShardCountMax, ActorBytesMin, nameof(OpenRangeRound.Workers), r => r.Actor(nameof(OpenRangeRound.Workers))));

    private static void Write(WireWriter writer, RangeGathered message)
    {
        writer.Job(message.Job);
        writer.Range(message.Range);
        writer.Round(message.Round);
        writer.Shards(message.Missing, nameof(message.Missing));
        writer.Payload(message.Squares, nameof(message.Squares));
        writer.Int64(message.BytesPublished);
        writer.Int64(message.BytesGathered);
    }

    private static RangeGathered ReadRangeGathered(WireReader reader) => new(
        reader.Job(), reader.Range(), reader.Round(), reader.Shards(nameof(RangeGathered.Missing)), reader.Payload(nameof(RangeGathered.Squares)),
        reader.Int64(nameof(RangeGathered.BytesPublished)), reader.Int64(nameof(RangeGathered.BytesGathered)));

    private static void Write(WireWriter writer, CollectRange message)
    {
        writer.Job(message.Job);
        writer.Range(message.Range);
        writer.Round(message.Moment);
        writer.Nullable(message.Scale);
    }

    private static CollectRange ReadCollectRange(WireReader reader) =>
        new(reader.Job(), reader.Range(), reader.Round(), reader.NullableDouble(nameof(CollectRange.Scale)));

    private static void Write(WireWriter writer, RangeCollected message)
    {
        writer.Job(message.Job);
        writer.Range(message.Range);
        writer.Round(message.Moment);
        writer.Payload(message.Numbers, nameof(message.Numbers));
    }

    private static RangeCollected ReadRangeCollected(WireReader reader) =>
        new(reader.Job(), reader.Range(), reader.Round(), reader.Payload(nameof(RangeCollected.Numbers)));

    private static void Write(WireWriter writer, RangeFailed message)
    {
        writer.Job(message.Job);
        writer.Range(message.Range);
        writer.Int64(message.Incarnation);
        writer.Boolean(message.Diverged);
        writer.Reason(message.Reason);
    }

    private static RangeFailed ReadRangeFailed(WireReader reader) =>
        new(reader.Job(), reader.Range(), reader.Int64(nameof(RangeFailed.Incarnation)), reader.Boolean(nameof(RangeFailed.Diverged)), reader.Reason());
}
