using System.Runtime.Serialization;
using System.Text;

namespace Cluster.Actors.Serialization;

/// <summary>Serializes the messages that the engine itself sends, and plain values.</summary>
internal sealed class EngineSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>How deep messages may hold messages, so that no bytes can exhaust the stack.</summary>
    private const int DepthMax = 8;

    public override int Identifier => 2;

    public override string Manifest(object o) => o switch
    {
        RemoteWatch => "watch",
        RemoteUnwatch => "unwatch",
        RemoteDeath => "death",
        RemoteStop => "stop",
        PoisonPill => "poison",
        Kill => "kill",
        Identify => "identify",
        ActorIdentity => "identity",
        ActorSelectionMessage => "selection",
        Status.Success => "success",
        Status.Failure => "failure",
        Done => "done",
        string => "s",
        int => "i",
        long => "l",
        double => "d",
        bool => "b",
        byte[] => "bytes",
        _ => throw new SerializationException($"EngineSerializer: wanted one of the engine's messages, got {o.GetType()}."),
    };

    public override byte[] ToBinary(object obj)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        Write(writer, obj);
        writer.Flush();
        return stream.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        using MemoryStream stream = new(bytes, writable: false);
        using BinaryReader reader = new(stream, Encoding.UTF8);
        try
        {
            return Read(reader, manifest);
        }
        catch (EndOfStreamException cut)
        {
            throw new SerializationException($"EngineSerializer: wanted a whole '{manifest}', got {bytes.Length} bytes.", cut);
        }
    }

    internal static SerializerDetails Details(ExtendedActorSystem system) => SerializerDetails.Create(
        "engine",
        new EngineSerializer(system),
        [
            typeof(RemoteSystemMessage), typeof(PoisonPill), typeof(Kill), typeof(Identify), typeof(ActorIdentity),
            typeof(ActorSelectionMessage), typeof(Status), typeof(Done), typeof(string), typeof(int), typeof(long),
            typeof(double), typeof(bool), typeof(byte[]),
        ]);

    private void Write(BinaryWriter writer, object message)
    {
        switch (message)
        {
            case RemoteWatch watch:
                WriteRef(writer, watch.Watchee);
                WriteRef(writer, watch.Watcher);
                break;
            case RemoteUnwatch unwatch:
                WriteRef(writer, unwatch.Watchee);
                WriteRef(writer, unwatch.Watcher);
                break;
            case RemoteDeath death:
                WriteRef(writer, death.Actor);
                writer.Write(death.ExistenceConfirmed);
                break;
            case Identify identify:
                WriteNested(writer, identify.MessageId);
                break;
            case ActorIdentity identity:
                WriteNested(writer, identity.MessageId);
                WriteRef(writer, identity.Subject);
                break;
            case ActorSelectionMessage selection:
                writer.Write7BitEncodedInt(selection.Elements.Length);
                foreach (string element in selection.Elements)
                    writer.Write(element);
                writer.Write(selection.WildcardFanOut);
                WriteNested(writer, selection.Message);
                break;
            case Status.Success success:
                WriteNested(writer, success.Status);
                break;
            case Status.Failure failure:
                writer.Write(failure.Cause.GetType().Name);
                writer.Write(failure.Cause.Message);
                break;
            case string text:
                writer.Write(text);
                break;
            case int number:
                writer.Write(number);
                break;
            case long number:
                writer.Write(number);
                break;
            case double number:
                writer.Write(number);
                break;
            case bool flag:
                writer.Write(flag);
                break;
            case byte[] bytes:
                writer.Write7BitEncodedInt(bytes.Length);
                writer.Write(bytes);
                break;
        }
    }

    private object Read(BinaryReader reader, string manifest) => manifest switch
    {
        "watch" => new RemoteWatch(ReadRef(reader)!, ReadRef(reader)!),
        "unwatch" => new RemoteUnwatch(ReadRef(reader)!, ReadRef(reader)!),
        "death" => new RemoteDeath(ReadRef(reader)!, reader.ReadBoolean()),
        "stop" => new RemoteStop(),
        "poison" => PoisonPill.Instance,
        "kill" => Kill.Instance,
        "identify" => new Identify(ReadNested(reader)),
        "identity" => new ActorIdentity(ReadNested(reader), ReadRef(reader)),
        "selection" => ReadSelection(reader),
        "success" => new Status.Success(ReadNested(reader)),
        "failure" => new Status.Failure(new RemoteFailureException(reader.ReadString(), reader.ReadString())),
        "done" => Done.Instance,
        "s" => reader.ReadString(),
        "i" => reader.ReadInt32(),
        "l" => reader.ReadInt64(),
        "d" => reader.ReadDouble(),
        "b" => reader.ReadBoolean(),
        "bytes" => ReadBytes(reader),
        _ => throw new SerializationException($"EngineSerializer: wanted a known manifest, got '{manifest}'."),
    };

    private ActorSelectionMessage ReadSelection(BinaryReader reader)
    {
        int count = Count(reader);
        ImmutableArray<string>.Builder elements = ImmutableArray.CreateBuilder<string>(count);
        for (int i = 0; i < count; i++)
            elements.Add(reader.ReadString());
        bool fanOut = reader.ReadBoolean();
        return new ActorSelectionMessage(ReadNested(reader) ?? "", elements.MoveToImmutable(), fanOut);
    }

    private static byte[] ReadBytes(BinaryReader reader) => reader.ReadBytes(Count(reader));

    /// <summary>A count that the bytes that are left can hold.</summary>
    private static int Count(BinaryReader reader)
    {
        int count = reader.Read7BitEncodedInt();
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        if (count < 0 || count > left)
            throw new SerializationException($"EngineSerializer: wanted a count of at most {left}, got {count}.");
        return count;
    }

    private static void WriteRef(BinaryWriter writer, IActorRef? reference) => writer.Write(Serialization.SerializedActorPath(reference));

    private IActorRef? ReadRef(BinaryReader reader)
    {
        string path = reader.ReadString();
        return path.Length == 0 ? null : System.Provider.ResolveActorRef(path);
    }

    private void WriteNested(BinaryWriter writer, object? message)
    {
        writer.Write(message is not null);
        if (message is null)
            return;
        SerializedMessage inner = System.Serialization.TrySerialize(message) ?? throw new SerializationException(
            $"EngineSerializer: wanted a message with a serializer inside another, got {message.GetType()}; register one.");
        writer.Write7BitEncodedInt(inner.SerializerId);
        writer.Write(inner.Manifest);
        writer.Write7BitEncodedInt(inner.Bytes.Length);
        writer.Write(inner.Bytes);
    }

    [ThreadStatic]
    private static int s_depth;

    private object? ReadNested(BinaryReader reader)
    {
        if (!reader.ReadBoolean())
            return null;
        if (s_depth >= DepthMax)
            throw new SerializationException($"EngineSerializer: wanted at most {DepthMax} messages inside each other, got more.");
        int id = reader.Read7BitEncodedInt();
        string manifest = reader.ReadString();
        byte[] bytes = ReadBytes(reader);
        s_depth++;
        try
        {
            return System.Serialization.Deserialize(bytes, id, manifest);
        }
        finally
        {
            s_depth--;
        }
    }
}

/// <summary>What failed on another node: its kind and its text.</summary>
public sealed class RemoteFailureException(string kind, string message) : AkkaException($"{kind}: {message}")
{
    public string Kind { get; } = kind;
}
