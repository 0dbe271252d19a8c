namespace Cluster.Actors.Serialization.Codecs;

/// <summary>Codecs of plain values, which may be messages, or identify a question.</summary>
internal static class ValueCodecs
{
    private const string Field = "Value";

    public static ImmutableArray<EngineCodec> All { get; } =
    [
        EngineCodec.Of<string>("s", (writer, value) => writer.Text(value, EngineLimits.MessageBytesMax, Field), reader => reader.Text(EngineLimits.MessageBytesMax, Field)),
        EngineCodec.Of<int>("i", (writer, value) => writer.Int32(value), reader => reader.Int32(Field)),
        EngineCodec.Of<long>("l", (writer, value) => writer.Int64(value), reader => reader.Int64(Field)),
        EngineCodec.Of<double>("d", (writer, value) => writer.Int64(BitConverter.DoubleToInt64Bits(value)), reader => BitConverter.Int64BitsToDouble(reader.Int64(Field))),
        EngineCodec.Of<bool>("b", (writer, value) => writer.Boolean(value), reader => reader.Boolean(Field)),
        EngineCodec.Of<byte[]>("bytes", (writer, value) => writer.Bytes(value, Field), reader => reader.Bytes(Field).ToArray()),
    ];
}
