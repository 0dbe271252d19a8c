using System.Text.Json;

namespace Cluster.Actors.Tests.Embedded;

/// <summary>Carries the messages of <see cref="CensusActor"/> between nodes that do not share a process.</summary>
internal sealed class CensusSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 1000;

    public static IEnumerable<SerializerDetails> For(ExtendedActorSystem system) =>
        [SerializerDetails.Create("census", new CensusSerializer(system), [typeof(CensusActor.Where), typeof(CensusActor.Here), typeof(CensusActor.StopPolitely)])];

    public override string Manifest(object o) => o.GetType().Name;

    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, obj.GetType());

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        nameof(CensusActor.Where) => JsonSerializer.Deserialize<CensusActor.Where>(bytes)!,
        nameof(CensusActor.Here) => JsonSerializer.Deserialize<CensusActor.Here>(bytes)!,
        _ => JsonSerializer.Deserialize<CensusActor.StopPolitely>(bytes)!,
    };
}
