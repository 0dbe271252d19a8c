using System.Buffers;

namespace Cluster.Actors.Serialization;

/// <summary>A serializer that writes into a buffer of the network and reads from one, so that long messages are not copied once more.</summary>
public interface IBufferSerializer
{
    /// <summary>Appends the message's bytes, the same as those of <see cref="Serializer.ToBinary"/>.</summary>
    void Write(object message, IBufferWriter<byte> output);

    /// <summary>Reads a message; the bytes belong to it from now on.</summary>
    object Read(ReadOnlyMemory<byte> bytes, string manifest);
}
