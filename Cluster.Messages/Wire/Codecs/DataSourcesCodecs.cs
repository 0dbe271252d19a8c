namespace Cluster.Messages.Wire.Codecs;

/// <summary>Codecs of the conversation in DataSources.cs.</summary>
internal static class DataSourcesCodecs
{
    // A length byte, the length of the file, another length byte.
    private const int FileBytesMin = 1 + sizeof(long) + 1;

    public static void AddTo(MessageCodecs codecs) => codecs
        .Register<DescribeSource>("DS1", (writer, message) => writer.Job(message.Job), reader => new DescribeSource(reader.Job()))
        .Register<SourceDescribed>("SD1", Write, ReadSourceDescribed)
        .Register<SourceRefused>("SR1", Write, reader => new SourceRefused(reader.Job(), reader.Reason()))
        .Register<ReadSource>("RS1", Write, ReadReadSource)
        .Register<SourceRead>("RD2", Write, ReadSourceRead, Limits.VectorMessageBytesMax);

    private static void Write(WireWriter writer, SourceDescribed message)
    {
        writer.Job(message.Job);
        writer.Count(message.Files.Length, Limits.SourceFileCountMax, nameof(message.Files));
        foreach (SourceFile file in message.Files)
        {
            writer.Text(file.Name, Limits.SourceNameBytesMax, nameof(file.Name));
            writer.Int64(file.Length);
            writer.Text(file.Sha256, Limits.HashBytesMax, nameof(file.Sha256));
        }
    }

    private static SourceDescribed ReadSourceDescribed(WireReader reader) => new(
        reader.Job(), reader.List(Limits.SourceFileCountMax, FileBytesMin, nameof(SourceDescribed.Files), ReadFile));

    private static SourceFile ReadFile(WireReader reader) => new(
        reader.Text(Limits.SourceNameBytesMax, nameof(SourceFile.Name)), reader.Int64(nameof(SourceFile.Length)),
        reader.Text(Limits.HashBytesMax, nameof(SourceFile.Sha256)));

    private static void Write(WireWriter writer, SourceRefused message)
    {
        writer.Job(message.Job);
        writer.Reason(message.Reason);
    }

    private static void Write(WireWriter writer, ReadSource message)
    {
        writer.Job(message.Job);
        writer.Int32(message.File);
        writer.Int64(message.Offset);
    }

    private static ReadSource ReadReadSource(WireReader reader) =>
        new(reader.Job(), reader.Int32(nameof(ReadSource.File)), reader.Int64(nameof(ReadSource.Offset)));

    private static void Write(WireWriter writer, SourceRead message)
    {
        writer.Job(message.Job);
        writer.Int32(message.File);
        writer.Int64(message.Offset);
        writer.Text(message.Sha256, Limits.HashBytesMax, nameof(message.Sha256));
        writer.Payload(message.Block, nameof(message.Block));
    }

    private static SourceRead ReadSourceRead(WireReader reader) => new(
        reader.Job(), reader.Int32(nameof(SourceRead.File)), reader.Int64(nameof(SourceRead.Offset)),
        reader.Text(Limits.HashBytesMax, nameof(SourceRead.Sha256)), reader.Payload(nameof(SourceRead.Block)));
}
