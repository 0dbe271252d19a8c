namespace Cluster.Messages.Wire;

/// <summary>Writes the fields of one message.</summary>
public delegate void WriteFields<in T>(WireWriter writer, T message);

/// <summary>Reads them again, in the same order.</summary>
public delegate T ReadFields<out T>(WireReader reader);

/// <summary>How one type of message travels.</summary>
public abstract class MessageCodec
{
    private protected MessageCodec(Type type, string manifest, int bytesMax)
    {
        Type = type;
        Manifest = manifest;
        BytesMax = bytesMax;
    }

    /// <summary>The message's type.</summary>
    public Type Type { get; }

    /// <summary>The short name that travels in place of the type's. A changed layout needs a new one.</summary>
    public string Manifest { get; }

    /// <summary>How long the message may be.</summary>
    public int BytesMax { get; }

    /// <summary>Writes the message in place of what the writer holds.</summary>
    /// <exception cref="UnsendableMessageException">A field, or the whole, is beyond its limit.</exception>
    public abstract void Write(WireWriter writer, object message);

    /// <summary>Reads the message.</summary>
    /// <exception cref="MalformedMessageException">The bytes are no such message.</exception>
    public abstract object Read(ReadOnlyMemory<byte> bytes, IActorPaths actors);
}

internal sealed class MessageCodec<T>(string manifest, int bytesMax, WriteFields<T> write, ReadFields<T> read)
    : MessageCodec(typeof(T), manifest, bytesMax)
    where T : class
{
    public override void Write(WireWriter writer, object message)
    {
        writer.Clear(BytesMax);
        write(writer, (T)message);
    }

    public override object Read(ReadOnlyMemory<byte> bytes, IActorPaths actors)
    {
        var reader = new WireReader(bytes, actors, typeof(T).Name);
        if (bytes.Length > BytesMax) throw reader.Failure("length", $"at most {BytesMax} bytes", $"{bytes.Length}");
        T message = read(reader);
        reader.End();
        return message;
    }
}
