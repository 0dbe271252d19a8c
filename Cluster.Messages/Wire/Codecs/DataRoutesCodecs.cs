namespace Cluster.Messages.Wire.Codecs;

/// <summary>Codecs of the conversation in DataRoutes.cs.</summary>
internal static class DataRoutesCodecs
{
    public static void AddTo(MessageCodecs codecs) => codecs
        .Register<DescribeDataPlane>("DP1", static (_, _) => { }, static _ => new DescribeDataPlane())
        .Register<DataPlaneDescribed>("DD1", Write, ReadDataPlaneDescribed);

    private static void Write(WireWriter writer, DataPlaneDescribed message)
    {
        writer.Text(message.Name, Limits.PathBytesMax, nameof(message.Name));
        writer.Text(message.Host, Limits.PathBytesMax, nameof(message.Host));
        writer.Int32(message.Port);
        writer.Text(message.Path, Limits.PathBytesMax, nameof(message.Path));
    }

    private static DataPlaneDescribed ReadDataPlaneDescribed(WireReader reader) => new(
        reader.Text(Limits.PathBytesMax, nameof(DataPlaneDescribed.Name)), reader.Text(Limits.PathBytesMax, nameof(DataPlaneDescribed.Host)),
        reader.Int32(nameof(DataPlaneDescribed.Port)), reader.Text(Limits.PathBytesMax, nameof(DataPlaneDescribed.Path)));
}
