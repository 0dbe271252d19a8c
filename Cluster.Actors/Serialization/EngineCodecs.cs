using System.Collections.Frozen;
using Cluster.Actors.Serialization.Codecs;

namespace Cluster.Actors.Serialization;

/// <summary>How one type of the engine's messages travels.</summary>
/// <param name="Type">The type; never its name.</param>
/// <param name="Manifest">What travels in its place. A changed layout needs a new one.</param>
/// <param name="Write">Writes its fields.</param>
/// <param name="Read">Reads them, in the same order.</param>
internal sealed record EngineCodec(Type Type, string Manifest, Action<EngineWriter, object> Write, Func<EngineReader, object> Read)
{
    public static EngineCodec Of<T>(string manifest, Action<EngineWriter, T> write, Func<EngineReader, T> read)
        where T : notnull =>
        new(typeof(T), manifest, (writer, message) => write(writer, (T)message), reader => read(reader));

    /// <summary>The codec of a message without fields.</summary>
    public static EngineCodec Of<T>(string manifest, T only)
        where T : class =>
        new(typeof(T), manifest, static (_, _) => { }, _ => only);
}

/// <summary>All messages of the engine that may leave a node, and the plain values that may travel inside them.</summary>
internal static class EngineCodecs
{
    public static ImmutableArray<EngineCodec> All { get; } =
        [.. RemoteCodecs.All, .. ValueCodecs.All, .. MembershipCodecs.All, .. SingletonCodecs.All, .. ShardingCodecs.All];

    public static FrozenDictionary<Type, EngineCodec> ByType { get; } = All.ToFrozenDictionary(codec => codec.Type);

    public static FrozenDictionary<string, EngineCodec> ByManifest { get; } = All.ToFrozenDictionary(codec => codec.Manifest, StringComparer.Ordinal);
}
