namespace Cluster.Messages.Wire.Codecs;

/// <summary>Codecs of the conversation in Sightings.cs.</summary>
internal static class SightingsCodecs
{
    public static void AddTo(MessageCodecs codecs) => codecs.Register<ClusterSighted>("CS1", Write, ReadClusterSighted);

    private static void Write(WireWriter writer, ClusterSighted message)
    {
        writer.Text(message.Cluster, Limits.PathBytesMax, nameof(message.Cluster));
        writer.Int32(message.Members);
        writer.Boolean(message.IsQuestion);
    }

    private static ClusterSighted ReadClusterSighted(WireReader reader) => new(
        reader.Text(Limits.PathBytesMax, nameof(ClusterSighted.Cluster)), reader.Int32(nameof(ClusterSighted.Members)), reader.Boolean(nameof(ClusterSighted.IsQuestion)));
}
