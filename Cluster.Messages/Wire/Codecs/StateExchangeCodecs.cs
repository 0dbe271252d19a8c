namespace Cluster.Messages.Wire.Codecs;

/// <summary>Codecs of the conversation in StateExchange.cs.</summary>
internal static class StateExchangeCodecs
{
    public static void AddTo(MessageCodecs codecs) => codecs
        .Register<PublishState>("PS4", Write, ReadPublishState, Limits.VectorMessageBytesMax)
        .Register<RequestContribution>("RC1", Write, ReadRequestContribution, Limits.JobMessageBytesMax)
        .Register<PushContribution>("PC3", Write, ReadPushContribution, Limits.VectorMessageBytesMax)
        .Register<ContributionFailed>("CF1", Write, ReadContributionFailed)
        .Register<ResidualsLost>("RL1", Write, ReadResidualsLost, Limits.JobMessageBytesMax);

    private static void Write(WireWriter writer, PublishState message)
    {
        writer.Job(message.Job);
        writer.Round(message.Round);
        writer.Range(message.Range);
        writer.Key(message.Sampling, nameof(message.Sampling));
        writer.Payload(message.State, nameof(message.State));
    }

    private static PublishState ReadPublishState(WireReader reader)
    {
        var (job, round, range) = (reader.Job(), reader.Round(), reader.Range());
        KeyBytes? sampling = reader.Key(nameof(PublishState.Sampling));
        return new PublishState(job, round, range, reader.Payload(nameof(PublishState.State)), sampling);
    }

    private static void Write(WireWriter writer, RequestContribution message)
    {
        writer.Job(message.Job);
        writer.Round(message.Round);
        writer.Shards(message.Shards, nameof(message.Shards));
    }

    private static RequestContribution ReadRequestContribution(WireReader reader) =>
        new(reader.Job(), reader.Round(), reader.Shards(nameof(RequestContribution.Shards)));

    private static void Write(WireWriter writer, PushContribution message)
    {
        writer.Job(message.Job);
        writer.Round(message.Round);
        writer.Worker(message.Worker);
        writer.Subtree(message.Subtree);
        writer.Range(message.Range);
        writer.Payload(message.Sum, nameof(message.Sum));
    }

    private static PushContribution ReadPushContribution(WireReader reader) => new(
        reader.Job(), reader.Round(), reader.Worker(), reader.Subtree(), reader.Range(), reader.Payload(nameof(PushContribution.Sum)));

    private static void Write(WireWriter writer, ContributionFailed message)
    {
        writer.Job(message.Job);
        writer.Round(message.Round);
        writer.Worker(message.Worker);
        writer.Subtree(message.Subtree);
        writer.Boolean(message.Diverged);
        writer.Reason(message.Reason);
    }

    private static ContributionFailed ReadContributionFailed(WireReader reader) => new(
        reader.Job(), reader.Round(), reader.Worker(), reader.Subtree(), reader.Boolean(nameof(ContributionFailed.Diverged)), reader.Reason());

    private static void Write(WireWriter writer, ResidualsLost message)
    {
        writer.Job(message.Job);
        writer.Round(message.Round);
        writer.Worker(message.Worker);
        writer.Shards(message.Shards, nameof(message.Shards));
    }

    private static ResidualsLost ReadResidualsLost(WireReader reader) =>
        new(reader.Job(), reader.Round(), reader.Worker(), reader.Shards(nameof(ResidualsLost.Shards)));
}
