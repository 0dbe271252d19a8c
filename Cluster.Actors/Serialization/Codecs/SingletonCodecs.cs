using Cluster.Actors.Singleton;

namespace Cluster.Actors.Serialization.Codecs;

/// <summary>Codecs of the conversation in Singleton/SingletonMessages.cs.</summary>
internal static class SingletonCodecs
{
    public static ImmutableArray<EngineCodec> All { get; } =
    [
        EngineCodec.Of<HandOverToMe>("hand-over", (writer, m) => writer.Node(m.To, nameof(m.To)), reader => new HandOverToMe(reader.Node(nameof(HandOverToMe.To)))),
        EngineCodec.Of<HandOverDone>("handed-over", (writer, m) => writer.Node(m.From, nameof(m.From)), reader => new HandOverDone(reader.Node(nameof(HandOverDone.From)))),
    ];
}
